import type { ModuleSession } from '../../extension/api.ts';
import type { Lease } from '../../extension/sessions/pool/lease.ts';
import type { LiveCounts } from '../../server/shared/rpc/connection.ts';

export const nothing: LiveCounts = {
  calls: 0,
  results: 0,
  remotes: 0,
  served: 0,
  kept: 0,
  objects: 0,
};

/** What the host still holds for a session whose worker can perhaps no longer be asked. */
export function heldFor(session: ModuleSession): LiveCounts {
  return (session as unknown as { lease: Lease }).lease.session.connection.live;
}

import type { ModuleSession } from '../../extension/api.ts';
import type { Lease } from '../../extension/sessions/pool/lease.ts';
import type { LiveCounts } from '../../server/shared/rpc/connection.ts';

/** What the host still holds for a session whose worker can perhaps no longer be asked. */
export function heldFor(session: ModuleSession): LiveCounts {
  return (session as unknown as { lease: Lease }).lease.session.connection.live;
}

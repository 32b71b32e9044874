import type { DashboardStrings } from '../server/shared/protocol/dashboard.ts';
import type { Snapshot } from '../server/shared/protocol/snapshot.ts';
import { sessionName } from './sessionName.ts';

/** What to say aloud when `next` follows `previous`: the sessions that changed their state. */
export function announcement(
  previous: Snapshot | undefined,
  next: Snapshot,
  strings: DashboardStrings,
): string {
  if (!previous) return '';
  const before = new Map(previous.sessions.map(session => [session.id, session.state]));
  return next.sessions
    .filter(session => before.get(session.id) !== session.state)
    .map(session => `${sessionName(session)}: ${strings.states[session.state]}`)
    .join(', ');
}

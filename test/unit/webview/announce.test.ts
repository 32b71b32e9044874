import { expect, test } from 'vitest';
import type { DashboardStrings } from '../../../server/shared/protocol/dashboard.ts';
import type { ToolInfo } from '../../../server/shared/protocol/events.ts';
import type {
  SessionSnapshot,
  SessionStateName,
  Snapshot,
} from '../../../server/shared/protocol/snapshot.ts';
import { announcement } from '../../../webview/announce.ts';

const states = { starting: 'Starting', ready: 'Ready', draining: 'Draining', closed: 'Closed' };
const strings = { states } as DashboardStrings;

test('the first snapshot is shown in silence', () => {
  expect(announcement(undefined, aSnapshot({ web: 'ready' }), strings)).toBe('');
});

test('only sessions that changed their state are announced', () => {
  const before = aSnapshot({ web: 'starting', docs: 'ready' });
  const after = aSnapshot({ web: 'ready', docs: 'ready', api: 'starting' });
  expect(announcement(before, after, strings)).toBe('web: Ready, api: Starting');
});

function aSnapshot(sessions: Record<string, SessionStateName>): Snapshot {
  return {
    sessions: Object.entries(sessions).map(
      ([label, state]) =>
        ({ id: label, label, state, tools: [] as readonly ToolInfo[] }) as SessionSnapshot,
    ),
  } as unknown as Snapshot;
}

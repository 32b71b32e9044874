import { expect, test } from 'vitest';
import type {
  LifecycleEntry,
  SessionSnapshot,
  Snapshot,
} from '../../../server/shared/protocol/snapshot.ts';
import {
  axisTicks,
  extent,
  lifecycleLanes,
  position,
  timelineRange,
} from '../../../webview/lifecycleLanes.ts';

const hourMs = 3_600_000;

test('a lane shows each state from its beginning to the next', () => {
  const session = aSession({ state: 'draining', launchedAtMs: 1000, readyAtMs: 1400 });
  const entries: LifecycleEntry[] = [{ session: 's', kind: 'draining', atMs: 9000 }];
  expect(spans(session, entries, 10_000)).toEqual([
    { state: 'starting', fromMs: 1000, toMs: 1400 },
    { state: 'ready', fromMs: 1400, toMs: 9000 },
    { state: 'draining', fromMs: 9000, toMs: 10_000 },
  ]);
});

test('the last state of a closed session ends where the session ended', () => {
  const session = aSession({ state: 'closed', launchedAtMs: 1000, closedAtMs: 1200 });
  expect(spans(session, [], 10_000)).toEqual([{ state: 'starting', fromMs: 1000, toMs: 1200 }]);
});

test('what lies before the range is cut off', () => {
  const nowMs = 5 * hourMs;
  const old = aSession({ launchedAtMs: 0, readyAtMs: 500 });
  expect(timelineRange([old], nowMs)).toEqual({ fromMs: 4 * hourMs, toMs: nowMs });
  expect(spans(old, [], nowMs)).toEqual([{ state: 'ready', fromMs: 4 * hourMs, toMs: nowMs }]);
});

test('a session that ended before the range has no lane', () => {
  const ended = aSession({ state: 'closed', launchedAtMs: 0, closedAtMs: 1000 });
  expect(lifecycleLanes(aSnapshot([ended]), { fromMs: 2000, toMs: 3000 })).toEqual([]);
});

test('ticks stand on round times of day', () => {
  const range = { fromMs: 500, toMs: 60_500 };
  expect(axisTicks(range, 1_000_000_000_250)).toEqual({
    stepMs: 10_000,
    atMs: [9750, 19_750, 29_750, 39_750, 49_750, 59_750],
  });
});

test('places are shares of the range', () => {
  const range = { fromMs: 1000, toMs: 3000 };
  expect(position(1500, range)).toBe('25.000%');
  expect(extent({ fromMs: 1500, toMs: 2500 }, range)).toBe('50.000%');
});

function spans(session: SessionSnapshot, lifecycle: readonly LifecycleEntry[], nowMs: number) {
  const range = timelineRange([session], nowMs);
  return lifecycleLanes({ ...aSnapshot([session]), lifecycle }, range)[0]?.spans;
}

function aSession(facts: Partial<SessionSnapshot>): SessionSnapshot {
  return {
    id: 's',
    key: 'k',
    label: 'web',
    state: 'ready',
    cause: 'demand',
    tools: [],
    leases: 0,
    calls: 0,
    launchedAtMs: 0,
    ...facts,
  };
}

function aSnapshot(sessions: readonly SessionSnapshot[]): Snapshot {
  return {
    takenAtMs: 0,
    epochOffsetMs: 0,
    sessions,
    lifecycle: [],
    methods: [],
    recentCalls: [],
    windowStartedAtMs: 0,
  };
}

import { describe, expect, test } from 'vitest';
import type { CallRecord, SessionEvent } from '../../../../server/shared/protocol/events.ts';
import { Recorder } from '../../../../extension/metrics/recorder.ts';
import { Ring } from '../../../../extension/metrics/ring.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

const call = (changes: Partial<CallRecord> = {}): CallRecord => ({
  session: 's1',
  tool: 'prettier',
  method: 'format',
  askedAtMs: 0,
  queueMs: 1,
  transportMs: 1,
  runMs: 7,
  replyMs: 1,
  requestBytes: 10,
  replyBytes: 20,
  outcome: 'ok',
  ...changes,
});

const confinement = { mechanism: 'bubblewrap', succeeded: [], granted: [] } as const;

const life: SessionEvent[] = [
  { kind: 'launching', session: 's1', atMs: 10, key: 'k', label: 'app', cause: 'prewarm' },
  { kind: 'ready', session: 's1', atMs: 60, pid: 42, runtime: 'node 24.9.0', confinement },
  {
    kind: 'toolOpened',
    session: 's1',
    atMs: 90,
    tool: { name: 'prettier', version: '3.0.0', origin: 'project' },
    tookMs: 30,
  },
  { kind: 'leases', session: 's1', atMs: 100, leases: 2 },
  { kind: 'called', session: 's1', atMs: 110, call: call() },
];

function recorded(...events: SessionEvent[]): Recorder {
  const recorder = new Recorder(new ManualClock());
  for (const event of events) recorder.record(event);
  return recorder;
}

test('a session is what its events say', () => {
  const recorder = recorded(...life);
  expect(recorder.snapshot(new Map([['s1', 1_000]])).sessions).toEqual([
    {
      id: 's1',
      key: 'k',
      label: 'app',
      cause: 'prewarm',
      state: 'ready',
      runtime: 'node 24.9.0',
      confinement,
      pid: 42,
      residentBytes: 1_000,
      tools: [{ name: 'prettier', version: '3.0.0', origin: 'project' }],
      leases: 2,
      calls: 1,
      launchedAtMs: 10,
      readyAtMs: 60,
    },
  ]);
  expect(recorder.livePids).toEqual(new Map([['s1', 42]]));
});

test('the timeline keeps the moments of a life, not its every lease and call', () => {
  const closing: SessionEvent[] = [
    { kind: 'draining', session: 's1', atMs: 200, reason: { kind: 'idle' } },
    { kind: 'closed', session: 's1', atMs: 210, reason: { kind: 'idle' } },
  ];
  const recorder = recorded(...life, ...closing);
  expect(recorder.snapshot().lifecycle.map(({ kind, atMs }) => `${kind} ${atMs}`)).toEqual([
    'launching 10',
    'ready 60',
    'toolOpened 90',
    'draining 200',
    'closed 210',
  ]);
  expect(recorder.livePids).toEqual(new Map());
});

test('a spare that is taken belongs to who took it, and what went wrong stands on the timeline', () => {
  const cause = 'replacement';
  const recorder = recorded(
    ...life,
    { kind: 'adopted', session: 's1', atMs: 120, key: 'other', label: 'two', cause, detail: 'why' },
    { kind: 'slow', session: 's1', atMs: 130, detail: 'prettier.format, 5 s' },
    { kind: 'suspended', session: 's1', atMs: 140, detail: 'SIGKILL' },
    { kind: 'resumed', session: 's1', atMs: 150 },
  );
  const { sessions, lifecycle } = recorder.snapshot();
  expect(sessions[0]).toMatchObject({ key: 'other', label: 'two', cause, state: 'ready' });
  expect(lifecycle.slice(-4)).toEqual([
    { kind: 'adopted', session: 's1', atMs: 120, cause, detail: 'why' },
    { kind: 'slow', session: 's1', atMs: 130, detail: 'prettier.format, 5 s' },
    { kind: 'suspended', session: 's1', atMs: 140, detail: 'SIGKILL' },
    { kind: 'resumed', session: 's1', atMs: 150 },
  ]);
});

describe('latencies', () => {
  const calls = Array.from({ length: 100 }, (_, n): SessionEvent => ({
    kind: 'called',
    session: 's1',
    atMs: n,
    call: call({ runMs: n + 1, queueMs: 0, transportMs: 0, replyMs: 0 }),
  }));

  test('are counted by tool and method, failures among them', () => {
    const failed: SessionEvent = {
      kind: 'called',
      session: 's1',
      atMs: 0,
      call: call({ method: 'warm', outcome: 'failed' }),
    };
    const { methods } = recorded(...calls, failed).snapshot();
    expect(methods).toMatchObject([
      { tool: 'prettier', method: 'format', count: 100, failures: 0 },
      { tool: 'prettier', method: 'warm', count: 1, failures: 1 },
    ]);
    expect(methods[0]!.p50Ms).toBeCloseTo(50, 0);
    expect(methods[0]!.p99Ms).toBeCloseTo(99, 0);
    expect(methods[0]!.maxMs).toBeCloseTo(100, 0);
  });

  test('begin anew when they are reset, and sessions stay', () => {
    const recorder = recorded(...life, ...calls);
    recorder.reset();
    const { methods, recentCalls, sessions } = recorder.snapshot();
    expect({ methods, recentCalls }).toEqual({ methods: [], recentCalls: [] });
    expect(sessions).toHaveLength(1);
  });
});

test('closed sessions are remembered, the last ten of them, behind the live ones', () => {
  const events = Array.from({ length: 15 }, (_, n): SessionEvent[] => [
    { kind: 'launching', session: `s${n}`, atMs: n, key: 'k', label: 'app', cause: 'demand' },
    { kind: 'closed', session: `s${n}`, atMs: n, reason: { kind: 'idle' } },
  ]).flat();
  const live: SessionEvent = {
    kind: 'launching',
    session: 'live',
    atMs: 99,
    key: 'k',
    label: 'app',
    cause: 'demand',
  };
  const ids = recorded(...events, live)
    .snapshot()
    .sessions.map(({ id }) => id);
  expect(ids).toEqual(['live', ...Array.from({ length: 10 }, (_, n) => `s${14 - n}`)]);
});

test('a ring keeps the last items, oldest first', () => {
  const ring = new Ring<number>(3);
  for (const n of [1, 2, 3, 4, 5]) ring.add(n);
  expect(ring.toArray()).toEqual([3, 4, 5]);
  ring.clear();
  ring.add(6);
  expect(ring.toArray()).toEqual([6]);
});

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

describe('a language server', () => {
  const called = (changes: Partial<CallRecord>): SessionEvent => ({
    kind: 'called',
    session: 's1',
    atMs: 200,
    call: call({ tool: 'server', method: 'workspace/configuration', ...changes }),
  });
  const notified = called({
    method: 'textDocument/didChange',
    isNotification: true,
    replyBytes: 0,
  });

  test('what nobody answers is counted, without a latency, and is no call', () => {
    const { sessions, recentCalls, methods } = recorded(...life, notified, notified).snapshot();
    expect(sessions[0]!.calls).toBe(1);
    expect(recentCalls.map(({ tool }) => tool)).toEqual(['prettier']);
    expect(methods[1]).toEqual({
      tool: 'server',
      method: 'textDocument/didChange',
      isNotification: true,
      count: 2,
      failures: 0,
      cancelled: 0,
      sentBytes: 20,
      receivedBytes: 0,
    });
  });

  test('what it asks stands apart, and its bytes are told from our side', () => {
    const sizes = { requestBytes: 10, replyBytes: 20 };
    const { methods, recentCalls } = recorded(
      called(sizes),
      called({ ...sizes, from: 'server' }),
      called({ ...sizes, from: 'server' }),
    ).snapshot();
    expect(methods).toMatchObject([
      { method: 'workspace/configuration', count: 1, sentBytes: 10, receivedBytes: 20 },
      { from: 'server', count: 2, sentBytes: 40, receivedBytes: 20 },
    ]);
    expect(methods[0]).not.toHaveProperty('from');
    expect(recentCalls).toHaveLength(3);
  });

  test('the cancelled have not failed, and their time is no latency', () => {
    const { methods } = recorded(
      called({ outcome: 'cancelled', runMs: 5_000 }),
      called({ runMs: 7 }),
      called({ outcome: 'failed', runMs: 7 }),
      called({ outcome: 'lost', runMs: 7 }),
      called({ outcome: 'cancelled', method: 'textDocument/completion' }),
    ).snapshot();
    expect(methods[0]).toMatchObject({ count: 4, failures: 2, cancelled: 1 });
    expect(methods[0]!.latency!.max).toBeCloseTo(10, 0);
    expect(methods[1]).toMatchObject({ count: 1, failures: 0, cancelled: 1 });
    expect(methods[1]).not.toHaveProperty('latency');
  });

  test('that is asked all the time does not drive out the calls of other tools', () => {
    const chatter = Array.from({ length: 500 }, (_, n) => called({ askedAtMs: n + 1 }));
    const { recentCalls } = recorded(...life, ...chatter).snapshot();
    expect(recentCalls[0]).toMatchObject({ tool: 'prettier' });
    expect(recentCalls).toHaveLength(101);
    expect(recentCalls.at(-1)).toMatchObject({ askedAtMs: 500 });
  });

  test('that invents methods without end fills no memory', () => {
    const invented = Array.from({ length: 600 }, (_, n) => called({ method: `m${n}` }));
    const { methods } = recorded(...invented).snapshot();
    expect(methods).toHaveLength(201);
    expect(methods.at(-1)).toMatchObject({ tool: 'server', method: '…', count: 400 });
  });

  test('that invents methods leaves those of other tools their names', () => {
    const invented = Array.from({ length: 600 }, (_, n) => called({ method: `m${n}` }));
    const { methods } = recorded(...invented, ...life).snapshot();
    expect(methods.at(-1)).toMatchObject({ tool: 'prettier', method: 'format', count: 1 });
  });

  test('that is called anew without end fills no memory either', () => {
    const invented = Array.from({ length: 300 }, (_, n) => called({ tool: `server ${n}` }));
    const crowd = Array.from({ length: 300 }, () => called({ tool: 'server 299' }));
    const { methods, recentCalls } = recorded(...invented, ...crowd).snapshot();
    expect(methods).toHaveLength(101);
    expect(methods.at(-1)).toMatchObject({ tool: '…', method: 'workspace/configuration' });
    expect(methods.at(-1)!.count).toBe(500);
    expect(recentCalls).toHaveLength(200);
  });

  test('a call longer than an hour is still counted', () => {
    const { methods } = recorded(called({ runMs: 1e12 })).snapshot();
    expect(methods[0]).toMatchObject({ count: 1 });
    expect(methods[0]!.latency!.max).toBeCloseTo(3_600_000, -4);
  });
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
    expect(methods[0]!.latency!.p50).toBeCloseTo(50, 0);
    expect(methods[0]!.latency!.p99).toBeCloseTo(99, 0);
    expect(methods[0]!.latency!.max).toBeCloseTo(100, 0);
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

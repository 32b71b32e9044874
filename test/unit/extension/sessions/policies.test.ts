import { describe, expect, test } from 'vitest';
import { divideTimes } from '../../../../extension/sessions/callTimes.ts';
import { endProcess } from '../../../../extension/sessions/endProcess.ts';
import { describeExit } from '../../../../extension/sessions/exitReason.ts';
import { LineTail } from '../../../../extension/sessions/lineTail.ts';
import { canMove, type SessionState } from '../../../../extension/sessions/sessionState.ts';
import { shareKeyFor, type Identity } from '../../../../extension/sessions/shareKey.ts';
import type { ExitInfo } from '../../../../extension/sessions/workerProcess.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

describe('a share key', () => {
  const identity: Identity = {
    tool: 'prettier',
    directory: '/a/node_modules/prettier',
    version: '3.0.0',
    root: '/a',
    trusted: true,
  };

  test.each([
    { tool: 'eslint' },
    { directory: '/b' },
    { version: '2.0.0' },
    { root: '/b' },
    { trusted: false },
  ])('differs when %o does', change => {
    expect(shareKeyFor({ ...identity, ...change })).not.toBe(shareKeyFor(identity));
  });

  test('cannot be forged by a path that looks like a separator', () => {
    const [one, two] = [
      { ...identity, directory: '/a|b', root: 'c' },
      { ...identity, directory: '/a', root: 'b|c' },
    ];
    expect(shareKeyFor(one)).not.toBe(shareKeyFor(two));
  });
});

test('states of a session only move forward', () => {
  const states: SessionState[] = [
    { kind: 'starting' },
    { kind: 'ready' },
    { kind: 'draining', reason: { kind: 'idle' } },
    { kind: 'closed', reason: { kind: 'idle' } },
  ];
  const moves = states.map(from => states.map(to => canMove(from, to)));
  expect(moves).toEqual([
    [false, true, true, true],
    [false, false, true, true],
    [false, false, false, true],
    [false, false, false, false],
  ]);
});

describe('the parts of a call', () => {
  const trace = {
    sentAtMs: 10,
    answeredAtMs: 100,
    served: { receivedMs: 12, startedMs: 20, finishedMs: 90 },
    requestBytes: 0,
    replyBytes: 0,
  };

  test('add up to what the caller waited', () => {
    expect(divideTimes(4, 100, trace)).toEqual({
      queueMs: 6 + 8,
      transportMs: 2,
      runMs: 70,
      replyMs: 10,
    });
  });

  test('add up also when the worker tells nonsense', () => {
    const served = { receivedMs: 1e9, startedMs: -1, finishedMs: 50 };
    const { queueMs, transportMs, runMs, replyMs } = divideTimes(10, 100, { ...trace, served });
    expect(Math.min(queueMs, transportMs, runMs, replyMs)).toBeGreaterThanOrEqual(0);
    expect(queueMs + transportMs + runMs + replyMs).toBe(90);
  });

  test('are all waiting when no answer came, or all running when it may have begun', () => {
    expect(divideTimes(10, 50, undefined)).toMatchObject({ queueMs: 40, runMs: 0 });
    expect(divideTimes(10, 50, undefined, true)).toMatchObject({ queueMs: 0, runMs: 40 });
  });
});

describe('ending a process', () => {
  const create = (diesOf: 'ask' | 'terminate' | 'killTree' | 'nothing') => {
    const clock = new ManualClock();
    const steps: string[] = [];
    const { promise: exited, resolve } = Promise.withResolvers<ExitInfo>();
    const step = (name: string) => () => {
      steps.push(name);
      if (name === diesOf) resolve({ code: 0, signal: null });
      else setImmediate(() => clock.advance(100));
    };
    const process = { pid: 1, exited, terminate: step('terminate'), killTree: step('killTree') };
    return { steps, end: () => endProcess(process, step('ask'), 100, clock) };
  };

  test('goes no further than it needs to, and takes the children too', async () => {
    const { steps, end } = create('terminate');
    await end();
    expect(steps).toEqual(['ask', 'terminate', 'killTree']);
  });

  test('kills what does not listen', async () => {
    const { steps, end } = create('killTree');
    await end();
    expect(steps.slice(0, 3)).toEqual(['ask', 'terminate', 'killTree']);
  });

  test('says when even that did not help', async () => {
    await expect(create('nothing').end()).rejects.toMatchObject({ code: 'process.immortal' });
  });
});

describe('the reason of an exit', () => {
  test.each([
    [
      { code: 3, signal: null },
      'TypeError: x',
      { kind: 'exited', detail: 'exit code 3; TypeError: x' },
    ],
    [{ code: null, signal: 'SIGKILL' }, undefined, { kind: 'exited', detail: 'signal SIGKILL' }],
    [
      { code: 134, signal: null },
      'FATAL ERROR: … JavaScript heap out of memory',
      { kind: 'memory', detail: 'its JavaScript heap was full' },
    ],
    [
      { code: null, signal: null, error: new Error('spawn ENOENT') },
      undefined,
      { kind: 'exited', detail: 'spawn ENOENT' },
    ],
  ] as const)('%o, last words %o', (exit, words, reason) => {
    expect(describeExit(exit, words)).toEqual(reason);
  });

  test('is taken from the line that names an error, among the last ones', () => {
    const tail = new LineTail();
    for (let n = 0; n < 50; n++) tail.add(`line ${n}`);
    expect(tail.mostTelling).toBe('line 49');
    tail.add(' 6: processImmediate (node:internal/timers:1:1)');
    expect(tail.mostTelling).toBe('line 49');
    tail.add('TypeError: broken');
    tail.add('    at somewhere');
    expect(tail.mostTelling).toBe('TypeError: broken');
    expect(tail.text.split('\n')).toHaveLength(40);
  });
});

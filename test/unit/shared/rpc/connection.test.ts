import { describe, expect, test } from 'vitest';
import { GreenroomError, RemoteError } from '../../../../server/shared/errors.ts';
import { defaultLimits } from '../../../../server/shared/protocol/limits.ts';
import type { CallTrace } from '../../../../server/shared/rpc/callClient.ts';
import { KeptResult, type ServedMethod } from '../../../../server/shared/rpc/objectTable.ts';
import { Loopback, nothingAlive } from '../../../support/loopback.ts';

const echo: ServedMethod = ([value]) => value;
const never: ServedMethod = () => new Promise(() => undefined);
const times = { receivedMs: 0, startedMs: 0, finishedMs: 0 };

describe('a call', () => {
  test('brings back what the method returned', async () => {
    using pair = new Loopback({ echo });
    const value = { a: [1, 'two', null, true], b: { c: 0.1 } };
    expect(await pair.client.call('echo', [value])).toEqual(value);
    expect(pair.live()).toEqual(nothingAlive);
  });

  test('is traced: when it was sent, received, started, finished and answered', async () => {
    using pair = new Loopback({ echo });
    const { promise, resolve } = Promise.withResolvers<CallTrace>();
    await pair.client.call('echo', ['text'], {}, resolve);
    const trace = await promise;
    expect(trace).toMatchObject({
      sentAtMs: 1_000,
      answeredAtMs: 1_000,
      served: { startedMs: 1_000 },
    });
    expect(trace.requestBytes).toBe(pair.clientPipe.sent[0]!.byteLength);
    expect(trace.replyBytes).toBe(pair.serverPipe.sent.at(-1)!.byteLength);
  });

  test('keeps class, message, code, cause and both stacks of an error', async () => {
    const thrown = Object.assign(new TypeError('bad', { cause: new RangeError('deep') }), {
      code: 'EWRONG',
    });
    using pair = new Loopback({
      fail: () => {
        throw thrown;
      },
    });
    const error = (await pair.client
      .call('fail', [])
      .catch((reason: unknown) => reason)) as RemoteError;
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      code: 'call.failed',
      message: 'bad',
      remoteName: 'TypeError',
      remoteCode: 'EWRONG',
      cause: { remoteName: 'RangeError', message: 'deep' },
    });
    expect(error.remoteStack).toBe(thrown.stack);
    expect(error.stack).toContain('CallClient.call');
  });

  test("keeps a code that is Greenroom's own", async () => {
    using pair = new Loopback({
      fail: () => {
        throw new GreenroomError('tool.load', 'no');
      },
    });
    await expect(pair.client.call('fail', [])).rejects.toMatchObject({ code: 'tool.load' });
  });

  test.each(['missing', '__proto__', 'constructor', 'then', 'toString', 'hasOwnProperty'])(
    'of a method that is not served (%s) fails',
    async method => {
      using pair = new Loopback({ echo });
      await expect(pair.client.call(method, [])).rejects.toMatchObject({
        code: 'call.unknownMethod',
      });
      expect(pair.live()).toEqual(nothingAlive);
    },
  );

  test.each([
    ['a function', () => 1],
    ['NaN', Number.NaN],
    ['a big integer', 1n],
    ['a map', new Map()],
    ['undefined in a list', [undefined]],
    ['a symbol', Symbol('s')],
  ])('with %s among its arguments is refused before anything is sent', async (_what, value) => {
    using pair = new Loopback({ echo });
    await expect(pair.client.call('echo', [{ at: value }])).rejects.toMatchObject({
      code: 'value.unserializable',
      message: expect.stringContaining('arguments[0].at') as string,
    });
    expect(pair.clientPipe.sent).toEqual([]);
    expect(pair.live()).toEqual(nothingAlive);
  });

  test('with a cycle among its arguments is refused', async () => {
    using pair = new Loopback({ echo });
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    await expect(pair.client.call('echo', [cycle])).rejects.toMatchObject({
      code: 'value.unserializable',
    });
  });

  test('whose result cannot be sent fails with the reason', async () => {
    using pair = new Loopback({ bad: () => ({ when: new Date() }) });
    await expect(pair.client.call('bad', [])).rejects.toMatchObject({
      code: 'value.unserializable',
      message: expect.stringContaining('result.when') as string,
    });
  });

  test('that is larger than a frame may be is refused, and the next one works', async () => {
    using pair = new Loopback({ echo }, { limits: { ...defaultLimits, maxFrameBytes: 1_000 } });
    await expect(pair.client.call('echo', ['x'.repeat(1_000)])).rejects.toMatchObject({
      code: 'frame.tooLarge',
    });
    expect(await pair.client.call('echo', ['x'])).toBe('x');
  });

  test('beyond the bound of pending calls is refused', async () => {
    using pair = new Loopback({ never }, { limits: { ...defaultLimits, maxPendingCalls: 1 } });
    const first = pair.client.call('never', []);
    await expect(pair.client.call('never', [])).rejects.toMatchObject({ code: 'queue.full' });
    pair.client.fail(new Error('over'));
    await expect(first).rejects.toThrow('over');
  });

  test('keys with prototype names travel as data', async () => {
    using pair = new Loopback({ echo });
    const value = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as object;
    const result = (await pair.client.call('echo', [value])) as object;
    expect(Object.keys(result).sort()).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('an object that is kept', () => {
  const counter: ServedMethod = () => {
    let count = 0;
    return new KeptResult(new Map([['next', () => ++count]]), 'made');
  };

  test('is called through the reference that the caller allocated, until it is released', async () => {
    using pair = new Loopback({ counter });
    const target = pair.client.allocateReference();
    expect(await pair.client.call('counter', [], { as: target })).toBe('made');
    expect(await pair.client.call('next', [], { target })).toBe(1);
    expect(await pair.client.call('next', [], { target })).toBe(2);
    pair.client.release(target);
    await expect(pair.client.call('next', [], { target })).rejects.toMatchObject({
      code: 'reference.unknown',
    });
    expect(pair.live()).toEqual(nothingAlive);
  });

  test('is not handed out to a caller who allocated no reference', async () => {
    using pair = new Loopback({ counter });
    await expect(pair.client.call('counter', [])).rejects.toMatchObject({
      code: 'protocol.violation',
    });
    expect(pair.live()).toEqual(nothingAlive);
  });

  test('does not take the place of another', async () => {
    using pair = new Loopback({ counter });
    await pair.client.call('counter', [], { as: 1 });
    await expect(pair.client.call('counter', [], { as: 1 })).rejects.toMatchObject({
      code: 'protocol.violation',
    });
  });
});

describe('giving up', () => {
  test('a signal that fired before sends nothing', async () => {
    using pair = new Loopback({ echo });
    await expect(
      pair.client.call('echo', [], { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'call.cancelled' });
    expect(pair.clientPipe.sent).toEqual([]);
  });

  test('a cancellation reaches the method, and the call fails as cancelled whatever it answers', async () => {
    const controller = new AbortController();
    using pair = new Loopback({
      polite: (_args, { signal }) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => resolve('stopped'));
          controller.abort();
        }),
    });
    await expect(
      pair.client.call('polite', [], { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'call.cancelled' });
    expect(pair.live()).toEqual(nothingAlive);
  });

  test('a call that waits behind others is cancelled before it starts', async () => {
    const started: unknown[] = [];
    using pair = new Loopback({ work: ([name]) => void started.push(name) });
    const controller = new AbortController();
    const first = pair.client.call('work', ['first']);
    const second = pair.client.call('work', ['second'], { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'call.cancelled' });
    await first;
    expect(started).toEqual(['first']);
    await expect.poll(() => pair.live()).toEqual(nothingAlive);
  });

  test('a deadline fails the call once the method has stopped', async () => {
    using pair = new Loopback({
      polite: (_args, { signal }) =>
        new Promise(resolve => signal.addEventListener('abort', () => resolve('stopped'))),
    });
    const call = pair.client.call('polite', [], { deadlineMs: 50 });
    await expect.poll(() => pair.server.live.served).toBe(1);
    pair.platform.clock.advance(50);
    await expect(call).rejects.toMatchObject({
      code: 'call.deadline',
      message: expect.stringContaining('50 ms') as string,
    });
    expect(pair.live()).toEqual(nothingAlive);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('a method that goes on after it was told is reported once its grace is over', async () => {
    using pair = new Loopback({ never }, { graceMs: 100 });
    const stuck: string[] = [];
    pair.client.onStuck(how => stuck.push(how));
    const traces: CallTrace[] = [];
    const call = pair.client.call('never', [], { deadlineMs: 50 }, trace => traces.push(trace));
    await expect.poll(() => pair.server.live.served).toBe(1);
    await new Promise(setImmediate);
    pair.platform.clock.advance(50);
    await expect(call).rejects.toMatchObject({ code: 'call.deadline' });
    expect(traces).toMatchObject([{ served: { startedMs: 1_000, finishedMs: 1_050 } }]);
    pair.platform.clock.advance(99);
    expect(stuck).toEqual([]);
    pair.platform.clock.advance(1);
    expect(stuck).toEqual(['ignoring']);
  });

  test('an answer after all is no violation', async () => {
    let finish = (): void => undefined;
    using pair = new Loopback({
      slow: () => new Promise<void>(resolve => (finish = resolve)),
      echo,
    });
    const call = pair.client.call('slow', [], { deadlineMs: 50 });
    await expect.poll(() => pair.server.live.served).toBe(1);
    pair.platform.clock.advance(50);
    finish();
    await expect(call).rejects.toMatchObject({ code: 'call.deadline' });
    expect(await pair.client.call('echo', [1])).toBe(1);
  });
});

test.each([
  ['calls', { kind: 'call', id: 1, target: 0, method: 'x', args: [] }],
  ['cancels', { kind: 'cancel', id: 1 }],
  ['releases', { kind: 'release', target: 1 }],
  ['says goodbye', { kind: 'bye' }],
])('a worker that %s, which only its host may, ends the connection', (_what, message) => {
  using pair = new Loopback({ never });
  const ends: unknown[] = [];
  pair.client.onEnd(end => ends.push(end.error));
  pair.forge(message);
  expect(ends).toEqual([expect.objectContaining({ code: 'protocol.violation' })]);
  expect(pair.clientPipe.sent).toEqual([]);
});

test('a second hello ends the connection', () => {
  using pair = new Loopback();
  const hello = { kind: 'hello', protocol: 1, pid: 1, runtime: 'node', runtimeVersion: '24' };
  pair.forge(hello);
  expect(pair.client.ended).toBeUndefined();
  pair.forge(hello);
  expect(pair.client.ended).toMatchObject({ error: { code: 'protocol.violation' } });
});

test('what an error tells is cut to a bounded length', async () => {
  const error = Object.assign(new Error('x'.repeat(1e6)), {
    name: 'y'.repeat(1e6),
    code: 'z'.repeat(1e6),
  });
  using pair = new Loopback({
    fail: () => {
      throw error;
    },
  });
  await pair.client.call('fail', []).catch(() => undefined);
  expect(pair.serverPipe.sent.at(-1)!.byteLength).toBeLessThan(25_000);
});

describe('a peer that breaks the protocol ends the connection', () => {
  test.each([
    ['nothing', null],
    ['a list', []],
    ['an unknown kind', { kind: 'surprise' }],
    ['an answer to nobody', { kind: 'result', id: 99, value: 1, times }],
    ['an answer without times', { kind: 'result', id: 1, value: 1 }],
    ['the start of a call of nobody', { kind: 'started', id: 99, receivedMs: 0, startedMs: 0 }],
    ['an id that is no number', { kind: 'cancelling', id: '1' }],
    ['an id below zero', { kind: 'cancelling', id: -1 }],
    [
      'a method name without end',
      { kind: 'call', id: 1, target: 0, method: 'x'.repeat(300), args: [] },
    ],
    ['arguments that are no list', { kind: 'call', id: 1, target: 0, method: 'x', args: {} }],
    ['an error without a message', { kind: 'error', id: 1, error: { name: 'E' }, times }],
  ])('with %s', async (_what, message) => {
    using pair = new Loopback({ never });
    const ends: unknown[] = [];
    pair.client.onEnd(end => ends.push(end.error));
    const call = pair.client.call('never', []);
    pair.forge(message);
    expect(ends).toEqual([expect.objectContaining({ code: 'protocol.violation' })]);
    pair.client.fail(new GreenroomError('session.lost', 'gone'));
    await expect(call).rejects.toMatchObject({
      code: 'call.notStarted',
      cause: { code: 'session.lost' },
    });
    expect(pair.client.live).toEqual(nothingAlive.client);
  });

  test('with text that is not JSON', () => {
    using pair = new Loopback();
    const ends: unknown[] = [];
    pair.client.onEnd(end => ends.push(end.error));
    pair.clientPipe.deliver(Buffer.from('{"kind":'));
    expect(ends).toEqual([expect.objectContaining({ code: 'protocol.violation' })]);
  });

  test('with a value nested too deeply', () => {
    using pair = new Loopback();
    const ends: unknown[] = [];
    pair.client.onEnd(end => ends.push(end.error));
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    pair.clientPipe.deliver(
      Buffer.from(`{"kind":"call","id":1,"target":0,"method":"x","args":${deep}}`),
    );
    expect(ends).toEqual([expect.objectContaining({ code: 'protocol.violation' })]);
  });

  test('with a second answer', async () => {
    using pair = new Loopback({ echo });
    const ends: unknown[] = [];
    pair.client.onEnd(end => ends.push(end.error));
    await pair.client.call('echo', [1]);
    pair.forge({ kind: 'result', id: 1, value: 2, times });
    expect(ends).toHaveLength(1);
  });

  test('with a call id that is under way', async () => {
    using pair = new Loopback({ never });
    const ends: unknown[] = [];
    pair.server.onEnd(end => ends.push(end.error));
    const frame = Buffer.from(
      JSON.stringify({ kind: 'call', id: 7, target: 0, method: 'never', args: [] }),
    );
    pair.serverPipe.deliver(frame);
    pair.serverPipe.deliver(frame);
    expect(ends).toEqual([expect.objectContaining({ code: 'protocol.violation' })]);
  });
});

test('when the connection is failed, every call ends once: with that error if it had started', async () => {
  using pair = new Loopback({ never });
  const started = [1, 2].map(() => pair.client.call('never', []));
  await expect.poll(() => pair.serverPipe.sent).toHaveLength(2);
  await new Promise(setImmediate);
  const waiting = pair.client.call('never', []);
  pair.client.fail(new GreenroomError('session.lost', 'the process ended'));
  for (const call of started) await expect(call).rejects.toMatchObject({ code: 'session.lost' });
  await expect(waiting).rejects.toMatchObject({ code: 'call.notStarted' });
  await expect(pair.client.call('never', [])).rejects.toMatchObject({ code: 'session.closed' });
  expect(pair.client.live).toEqual(nothingAlive.client);
});

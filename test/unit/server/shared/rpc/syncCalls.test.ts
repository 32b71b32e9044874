import { describe, expect, test } from 'vitest';
import { createWorkScope } from '../../../../../server/node/workScope.ts';
import { violation } from '../../../../../server/shared/protocol/violation.ts';
import { CallFlag, Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import { Loopback, LoopbackTransport } from '../../../../support/loopback.ts';
import {
  refusedSyncAnswers,
  refusedSyncCalls,
  syncCall,
  waiting,
} from '../../../../support/refusedSyncFrames.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, count, small } from '../../../../support/wireBytes.ts';

interface Callback {
  (value: unknown): { self: { sync(): unknown } };
  sync(value: unknown): unknown;
}

const same = (value: unknown) => value as never;

/** A worker whose other channel is never answered. */
function create() {
  const sent: Uint8Array[] = [];
  const blockingPipe = {
    send: (frame: Uint8Array) => void sent.push(frame),
    receive: (): never => {
      throw new Error('nothing comes');
    },
  };
  const root = {
    ask: (callback: Callback) => callback.sync(1),
    askWithResult: (callback: Callback) => callback.sync([callback(1)]),
    askResult: (callback: Callback) => callback(1).self.sync(),
  };
  return Object.assign(new Loopback(root, { worker: { blockingPipe } }), { sent });
}

test.each(['askWithResult', 'askResult'] as const)(
  'a synchronous call cannot use a result that is not there: %s',
  async method => {
    using pair = create();
    const failure = await failureOf(pair.api[method](same));
    expect(failure).toMatchObject({ code: 'value.unserializable' });
    expect(pair.sent).toEqual([]);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  },
);

test('a worker that has no second channel says so', async () => {
  using pair = new Loopback({ ask: (callback: Callback) => callback.sync(1) });
  const failure = await failureOf(pair.api.ask(same));
  expect(failure).toMatchObject({
    code: 'call.syncUnavailable',
    message: 'this session has no channel for calls that it waits for',
  });
  expect(pair.ends).toEqual({ host: [], worker: [] });
});

test('a synchronous call fails when its channel does', async () => {
  using pair = create();
  const failure = await failureOf(pair.api.ask(same));
  expect(failure).toMatchObject({ message: 'nothing comes' });
  expect(pair.sent).toHaveLength(1);
});

test('a host cannot call and wait', () => {
  using pair = create();
  const { ask } = pair.api as unknown as { ask: { sync(): unknown } };
  expect(() => ask.sync()).toThrow('only a worker can call and wait');
});

/** A host whose second channel is in the hands of the test. */
function createServed() {
  const held: unknown[] = [];
  const pair = new Loopback({
    give: (callback: (value: unknown) => unknown) => void held.push(callback),
    giveAndCall: (callback: (value: unknown) => unknown) => void held.push(callback, callback(1)),
    never: () => new Promise<never>(() => undefined),
  });
  const channel = new LoopbackTransport();
  pair.host.serveSync(channel, createWorkScope());
  return Object.assign(pair, { channel });
}

describe('a frame on the second channel that breaks the protocol ends the session', () => {
  test.each(refusedSyncCalls)('%s', async (_what, frame) => {
    using pair = createServed();
    await pair.api.giveAndCall((value: unknown) => value);
    await pair.idle();
    expect(pair.live.host.kept).toBe(1); // the result of call 1, of the other channel
    pair.channel.deliver(frame);
    await pair.idle();
    expect(pair.host.ended).toMatchObject({ error: { code: 'protocol.violation' } });
    expect(pair.ends.host).toHaveLength(1);
    expect(pair.channel.sent).toEqual([]);
  });

  test('one that is too long', async () => {
    using pair = createServed();
    pair.channel.end({ error: violation('a frame of 4294967295 bytes was announced') });
    expect(pair.host.ended).toMatchObject({ error: { code: 'protocol.violation' } });
  });

  test('a second call before the first is answered', async () => {
    using pair = createServed();
    await pair.api.give(() => new Promise(() => undefined));
    pair.channel.deliver(syncCall(waiting, 0));
    pair.channel.deliver(bytes(Op.call, waiting, 2, count(2), 0, 0));
    expect(pair.host.ended).toMatchObject({ error: { code: 'protocol.violation' } });
  });
});

test('a second channel that closes by itself ends nothing', async () => {
  using pair = createServed();
  pair.channel.end({});
  pair.channel.end({ error: new Error('EPIPE') });
  expect(await failureOf(pair.api.give.with({ deadlineMs: -1 })(same))).toBeInstanceOf(RangeError);
  expect(pair.host.ended).toBeUndefined();
});

test('a callback that is waited for cannot bring what is not there', async () => {
  using pair = createServed();
  const result = pair.api.never();
  await pair.api.give(() => [result]);
  pair.channel.deliver(syncCall(waiting, 0));
  await pair.idle();
  expect(pair.channel.sent).toHaveLength(1);
  expect(pair.channel.sent[0]!.toString()).toContain('value.unserializable');
});

describe('an answer on the second channel that breaks the protocol ends the session of whoever waits', () => {
  test.each(refusedSyncAnswers)('%s', async (_what, frame) => {
    const blockingPipe = { send: () => undefined, receive: () => frame };
    const root = { ask: (callback: Callback) => callback.sync(1) };
    using pair = new Loopback(root, { worker: { blockingPipe } });
    void failureOf(pair.api.ask(same));
    await pair.idle();
    expect(pair.worker.ended).toMatchObject({ error: { code: 'protocol.violation' } });
  });
});

describe('a synchronous call with options', () => {
  const channelThatAnswers = () => {
    const sent: Uint8Array[] = [];
    const blockingPipe = {
      send: (frame: Uint8Array) => void sent.push(frame.slice()),
      receive: () => bytes(Op.result, sent.length, small(7)),
    };
    return { sent, blockingPipe };
  };

  interface WithOptions {
    with(options: object): { sync(value: unknown): unknown };
  }

  test('passes its objects, and asks for the result, as they say', async () => {
    const { sent, blockingPipe } = channelThatAnswers();
    const root = {
      ask: (callback: WithOptions) =>
        callback.with({ args: 'reference', result: 'value' }).sync({ a: 1 }),
    };
    using pair = new Loopback(root, { worker: { blockingPipe } });
    expect(await pair.api.ask(same as never)).toBe(7);
    const [frame] = sent;
    expect(frame![5]).toBe(CallFlag.want | CallFlag.synchronous | CallFlag.byValue);
    expect(frame).toContain(Tag.mine);
    expect(pair.live.worker.objects).toBe(1);
  });

  test.each(['signal', 'deadlineMs', 'onTrace', 'settle'])(
    'that it cannot have says so: %s',
    async option => {
      const { sent, blockingPipe } = channelThatAnswers();
      const root = { ask: (callback: WithOptions) => callback.with({ [option]: 1 }).sync(1) };
      using pair = new Loopback(root, { worker: { blockingPipe } });
      const message = `a synchronous call has no option '${option}'; it has args, result`;
      const expected = { message: expect.stringContaining(message) as string };
      expect(await failureOf(pair.api.ask(same as never))).toMatchObject(expected);
      expect(sent).toEqual([]);
    },
  );

  test('is served as they say', async () => {
    using pair = new Loopback({ give: (_callback: unknown) => undefined });
    const pipe = new LoopbackTransport();
    pair.host.serveSync(pipe, createWorkScope());
    await pair.api.give(() => new Date(0));
    const flags = CallFlag.want | CallFlag.synchronous | CallFlag.byValue;
    pipe.deliver(bytes(Op.call, flags, 1, 2, 0, 0));
    await pair.idle();
    expect(pipe.sent.map(([kind]) => kind)).toEqual([Op.result]);
  });
});

test('an answer that could not be sent gives back what it has taken, and nothing else', async () => {
  class Thing {
    run() {
      return 1;
    }
  }
  const given: unknown[] = [];
  const give = (callback: unknown) => void given.push(callback);
  using pair = new Loopback({ give, thing: () => new Thing() });
  const pipe = new LoopbackTransport();
  pair.host.serveSync(pipe, createWorkScope());
  const thing = await pair.api.thing();
  const failing = () => ({
    live: () => 1,
    get late() {
      thing[Symbol.dispose]();
      throw new Error('no');
    },
  });
  await pair.api.give(failing);
  const { objects } = pair.live.host;
  pipe.deliver(bytes(Op.call, CallFlag.want | CallFlag.synchronous, 1, 2, 0, 0));
  await pair.idle();
  expect(pipe.sent.map(([kind]) => kind)).toEqual([Op.error]);
  expect(pair.live.host.objects).toBe(objects);
});

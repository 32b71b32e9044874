import { describe, expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { Op } from '../../../../../server/shared/protocol/wire.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, small } from '../../../../support/wireBytes.ts';

interface Callback {
  (value?: unknown): unknown;
  sync(value?: unknown): unknown;
}

const same = (value: unknown) => value as never;

/** The second channel of a worker: every call is answered with 7. It can be out of order. */
class SecondChannel {
  readonly sent: Buffer[] = [];
  /** How many frames had left by the first channel when each call was sent. */
  readonly sentBefore: number[] = [];
  framesOfFirst = () => 0;
  isBroken = false;
  attempts = 0;

  send(frame: Uint8Array): void {
    this.attempts++;
    if (this.isBroken) throw new GreenroomError('call.syncUnavailable', 'nobody reads');
    this.sent.push(Buffer.from(frame));
    this.sentBefore.push(this.framesOfFirst());
  }

  receive(): Uint8Array {
    const callId = this.sent.at(-1)![6]!; // behind the length, the kind and the flags
    return bytes(Op.result, callId, small(7));
  }
}

function create() {
  const channel = new SecondChannel();
  const root = {
    ask: (callback: Callback) => callback.sync(1),
    askWith: (callback: Callback) => callback.sync(() => 1),
    sayAndAsk: (callback: Callback) => [callback('said before'), callback.sync(1)],
    giveAsking: (callback: Callback) => ({
      first: () => 1,
      get second() {
        return callback.sync(1);
      },
    }),
    callAsking: (callback: Callback) =>
      callback({
        first: () => 1,
        get second() {
          return callback.sync(1);
        },
      }),
    giveCalling: (callback: Callback) => ({
      get first() {
        return callback(1);
      },
    }),
    askAsking: (callback: Callback) =>
      callback.sync({
        get first() {
          return callback.sync(1);
        },
      }),
    askCalling: (callback: Callback) =>
      callback.sync({
        first: () => 1,
        get second() {
          return callback(() => 2);
        },
      }),
    giveCautious: (callback: Callback) => ({
      before: 'x'.repeat(100),
      get asked() {
        try {
          return callback.sync(1);
        } catch (error) {
          return (error as GreenroomError).code;
        }
      },
      after: 2,
    }),
  };
  const pair = new Loopback(root, { worker: { blockingPipe: channel } });
  channel.framesOfFirst = () => pair.workerPipe.sent.length;
  return Object.assign(pair, { channel });
}

const used = {
  code: 'value.unserializable',
  message: 'a getter of a value that is being sent uses the connection',
};

describe('a getter of a value that is being sent', () => {
  test.each(['giveAsking', 'callAsking', 'giveCalling', 'askAsking', 'askCalling'] as const)(
    'cannot call the other side: %s',
    async method => {
      using pair = create();
      expect(await failureOf(pair.api[method](same))).toMatchObject(used);
      expect(pair.channel.sent).toEqual([]);
      expect(await pair.api.ask(same)).toBe(7);
      expect(await pair.collected()).toEqual(nothingLive);
      expect(pair.ends).toEqual({ host: [], worker: [] });
    },
  );

  test('that hears so may bring something else, and the value arrives whole', async () => {
    using pair = create();
    const given = pair.api.giveCautious(same);
    expect(await given).toEqual({ before: 'x'.repeat(100), asked: used.code, after: 2 });
    expect(pair.channel.sent).toEqual([]);
  });
});

test('what was said before a call that is waited for leaves before it', async () => {
  using pair = create();
  const frames = pair.workerPipe.sent.length;
  expect(await pair.api.sayAndAsk(same)).toEqual(['said before', 7]);
  expect(pair.channel.sentBefore).toEqual([frames + 1]);
  expect(pair.workerPipe.sent[frames]!.toString()).toContain('said before');
});

describe('a call that its channel does not take', () => {
  test('is not sent later either, and leaves nothing behind', async () => {
    using pair = create();
    pair.channel.isBroken = true;
    expect(await failureOf(pair.api.askWith(same))).toMatchObject({
      code: 'call.syncUnavailable',
    });
    expect(await pair.collected()).toEqual(nothingLive);
    expect(pair.channel.attempts).toBe(1);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('does not go before the next one', async () => {
    using pair = create();
    pair.channel.isBroken = true;
    await failureOf(pair.api.askWith(same));
    pair.channel.isBroken = false;
    expect(await pair.api.ask(same)).toBe(7);
    const [frame] = pair.channel.sent;
    expect(frame!.readUInt32LE()).toBe(frame!.length - 4);
    expect(frame!.subarray(4, 5)).toEqual(bytes(Op.call));
    expect(frame!.length).toBeLessThan(16);
  });
});

describe('a call that is being written when everything ends fails', () => {
  const over = new GreenroomError('session.lost', 'over');

  test('because a getter among its arguments ends it', async () => {
    using pair = new Loopback({ echo: (value: unknown) => value });
    const argument = {
      given: same,
      get late() {
        pair.host.fail(over);
        return 1;
      },
    };
    expect(await failureOf(pair.api.echo(argument))).toBe(over);
    expect(pair.live.host).toEqual(nothingLive.host);
  });

  test('because the frame before it is one too many for a side that does not read', async () => {
    const given: ((value: string) => unknown)[] = [];
    const root = { give: (callback: () => unknown) => void given.push(callback), echo: same };
    using pair = new Loopback(root, { limits: { maxUnsentBytes: 400_000 } });
    pair.host.onEnd(() => pair.host.fail(over));
    await pair.api.give(() => 'x'.repeat(300_000));
    await pair.idle();
    pair.hostPipe.hold();
    for (let n = 0; n < 3; n++) void failureOf(given[0]!('') as Promise<unknown>);
    await pair.idle();
    expect(pair.host.ended).toBeUndefined();
    expect(await failureOf(pair.api.echo('too many'))).toBe(over);
    expect(pair.live.host.calls).toBe(0);
  });
});

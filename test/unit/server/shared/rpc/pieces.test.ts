import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createWorkScope } from '../../../../../server/node/workScope.ts';
import type { Limits } from '../../../../../server/shared/protocol/limits.ts';
import { CallFlag, Op, sentAhead, Tag } from '../../../../../server/shared/protocol/wire.ts';
import {
  endOfTurn,
  Loopback,
  LoopbackTransport,
  noneLive,
  nothingLive,
} from '../../../../support/loopback.ts';
import { call } from '../../../../support/refusedFrames.ts';
import { manualPlatform } from '../../../../support/manualPlatform.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, count, text } from '../../../../support/wireBytes.ts';

/** Frames that large bytes do not fit into. */
const small20 = { maxFrameBytes: 20_000 };

function create(limits: Partial<Limits> = {}) {
  const ran: unknown[] = [];
  const finish: (() => void)[] = [];
  const root = {
    echo: (...values: unknown[]) => values,
    length: (data: Uint8Array) => {
      ran.push(data.length);
      return data.length;
    },
    filled: (length: number, byte: number) => new Uint8Array(length).fill(byte),
    untilTold: () => new Promise<void>(resolve => finish.push(resolve)),
  };
  return Object.assign(new Loopback(root, { limits }), { ran, finish });
}

/** Bytes none of which is where another would do as well. */
function data(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(length);
  for (let at = 0; at < length; at++) made[at] = (at * 31 + (at >> 8) * seed + seed) % 251;
  return made;
}

/** A value, in few words where it has many bytes. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${hash('sha1', new Uint8Array(value))}`;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const digest = hash('sha1', new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
    return `${value.constructor.name} ${digest}`;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, told(inner)]));
}

const piecesIn = (frames: readonly Buffer[]) =>
  frames.filter(frame => frame[0] === Op.piece).length;

async function expectNothingLeft(pair: Omit<Loopback<object>, 'api'>): Promise<void> {
  expect(await pair.collected()).toEqual(nothingLive);
  expect(pair.ends).toEqual({ host: [], worker: [] });
}

describe('binary values that a message has no room for', () => {
  const { buffer } = data(160_000);
  test.each<[string, unknown]>([
    ['an ArrayBuffer', buffer],
    ['a Uint8Array', new Uint8Array(buffer)],
    ['a view of a part', new Uint8Array(buffer, 8, 100_000)],
    ['a Float64Array', new Float64Array(data(160_000).map(byte => byte % 60).buffer)],
    ['a BigInt64Array', new BigInt64Array(buffer)],
    ['a DataView', new DataView(buffer)],
  ])('go ahead of it both ways, and are what they were: %s', async (_what, value) => {
    using pair = create(small20);
    expect(told(await pair.api.echo(value))).toEqual(told([value]));
    for (const { sent } of [pair.hostPipe, pair.workerPipe]) {
      expect(piecesIn(sent)).toBeGreaterThan(4);
      for (const { length } of sent) expect(length).toBeLessThanOrEqual(20_000);
    }
    await expectNothingLeft(pair);
  });

  test('keep their places among others, and stay one where they were one', async () => {
    using pair = create(small20);
    const [one, other, few] = [data(70_000, 3), data(90_000, 5), data(10, 7)];
    const [echoed] = await pair.api.echo([few, one, { other, again: one }, 'end']);
    expect(told(echoed)).toEqual(told([few, one, { other, again: one }, 'end']));
    const [, first, { again }] = echoed as [unknown, unknown, { again: unknown }];
    expect(again === first).toBe(true);
    await expectNothingLeft(pair);
  });

  test('go ahead one by one as soon as the sum is too much, in a batch too', async () => {
    using pair = create({ maxFrameBytes: 150_000 });
    const values = [1, 2, 3, 4, 5].map(seed => data(70_000, seed));
    expect(told(await pair.api.echo(...values))).toEqual(told(values));
    expect(piecesIn(pair.hostPipe.sent)).toBe(3);
    expect(await pair.api.length.batch(values.map(value => [value] as const))).toEqual(
      values.map(() => 70_000),
    );
    await expectNothingLeft(pair);
  });

  test('are sent as they were at the call', async () => {
    using pair = create(small20);
    const value = data(100_000);
    const before = new Uint8Array(value);
    const echoed = pair.api.echo(value).then(values => values[0]);
    value.fill(0);
    expect(told(await echoed)).toEqual(told(before));
  });

  test('do not disturb the calls before them in the turn, nor results that are used', async () => {
    using pair = create(small20);
    const value = data(100_000);
    const echoed = await pair.api.echo(pair.api.length(value), value, pair.api.length(value));
    expect(told(echoed)).toEqual(told([100_000, value, 100_000]));
    await expectNothingLeft(pair);
  });

  test('are kept with a result that is asked for only later', async () => {
    using pair = create(small20);
    const result = pair.api.filled(100_000, 9);
    await pair.idle();
    expect(piecesIn(pair.workerPipe.sent)).toBe(0);
    expect(await pair.api.length(result)).toBe(100_000);
    expect(told(await result)).toBe(told(new Uint8Array(100_000).fill(9)));
    expect(piecesIn(pair.workerPipe.sent)).toBeGreaterThan(4);
    await expectNothingLeft(pair);
  });
});

test('what a message of a mebibyte has room for stays in it', async () => {
  using pair = create();
  const value = data(600 * 1024);
  expect(told(await pair.api.echo(value))).toEqual(told([value]));
  expect(piecesIn([...pair.hostPipe.sent, ...pair.workerPipe.sent])).toBe(0);
  expect(await pair.api.echo(value, data(600 * 1024, 2))).toHaveLength(2);
  expect(piecesIn(pair.hostPipe.sent)).toBe(1);
  await expectNothingLeft(pair);
});

test('they count among the bytes of a call and its answer', async () => {
  using pair = create();
  const sizes: (number | undefined)[] = [];
  pair.host.onSettled(({ trace }) => sizes.push(trace?.requestBytes, trace?.replyBytes));
  await pair.api.echo.with({ deadlineMs: 1_000 })(data(3_000_000));
  for (const size of sizes) expect(size).toBeCloseTo(3_000_000, -2);
  expect(sizes).toHaveLength(2);
});

describe('nothing goes ahead of a message that is not sent', () => {
  test.each<[string, unknown]>([
    ['because something in it cannot be', Symbol('no')],
    ['because it is too long all the same', 'x'.repeat(30_000)],
  ])('%s', async (_why, obstacle) => {
    using pair = create(small20);
    const failure = await failureOf(pair.api.echo(data(100_000), obstacle));
    expect(failure).toMatchObject({
      code: expect.stringMatching(/^(value.unserializable|frame.tooLarge)$/u) as string,
    });
    expect(pair.hostPipe.sent).toEqual([]);
    expect(await pair.api.length(data(100_000))).toBe(100_000);
    await expectNothingLeft(pair);
  });

  test('nor of an answer', async () => {
    const answer = () => [data(100_000), Promise.resolve()];
    using pair = new Loopback(
      { answer, length: (value: Uint8Array) => value.length },
      {
        limits: small20,
      },
    );
    expect(await failureOf(pair.api.answer())).toMatchObject({ code: 'value.unserializable' });
    expect(piecesIn(pair.workerPipe.sent)).toBe(0);
    expect(await pair.api.length(data(100_000))).toBe(100_000);
    await expectNothingLeft(pair);
  });

  test('because it has more than may go ahead', async () => {
    using pair = create({ ...small20, maxAheadBytes: 150_000 });
    expect(await failureOf(pair.api.echo(data(80_000), data(80_000)))).toMatchObject({
      code: 'frame.tooLarge',
      message: 'a message has 160000 bytes in large binary values, more than the limit of 150000',
    });
    expect(await failureOf(pair.api.filled(160_000, 1))).toMatchObject({ code: 'frame.tooLarge' });
    expect(piecesIn([...pair.hostPipe.sent, ...pair.workerPipe.sent])).toBe(0);
    expect(await pair.api.length(data(150_000))).toBe(150_000);
    await expectNothingLeft(pair);
  });
});

describe('calls that wait to be sent', () => {
  test('keep what goes ahead of them, and are run in order', async () => {
    using pair = create({ ...small20, maxPendingCalls: 1 });
    const lengths = [70_000, 80_000, 90_000];
    const calls = lengths.map(length => pair.api.length(data(length)).then(value => value));
    await endOfTurn();
    const sentFor = (length: number) => Math.ceil(length / (20_000 - 16));
    expect(piecesIn(pair.hostPipe.sent)).toBe(sentFor(70_000));
    expect(await Promise.all(calls)).toEqual(lengths);
    expect(pair.ran).toEqual(lengths);
    await expectNothingLeft(pair);
  });

  test('can be given up', async () => {
    using pair = create({ ...small20, maxPendingCalls: 1 });
    const first = pair.api.untilTold().then(value => value);
    const given = failureOf(pair.api.length.with({ deadlineMs: 50 })(data(100_000)));
    const last = pair.api.length(data(70_000)).then(value => value);
    await pair.idle();
    pair.platform.clock.advance(50);
    expect(await given).toMatchObject({ code: 'call.deadline' });
    pair.finish[0]!();
    await first;
    expect(await last).toBe(70_000);
    expect(pair.ran).toEqual([70_000]);
    await expectNothingLeft(pair);
  });

  test('are refused when too many bytes wait with them already', async () => {
    using pair = create({ ...small20, maxPendingCalls: 1, maxAheadBytes: 150_000 });
    for (let round = 0; round < 2; round++) {
      const calls = [0, 1, 2].map(() => pair.api.length(data(100_000)).then(value => value));
      expect(await failureOf(pair.api.length(data(100_000)))).toMatchObject({ code: 'queue.full' });
      expect(await Promise.all(calls)).toEqual([100_000, 100_000, 100_000]);
    }
    await expectNothingLeft(pair);
  });

  test('fail when they are too long for any frame, as others do', async () => {
    using pair = create({ ...small20, maxPendingCalls: 1 });
    const first = pair.api.echo(1).then(value => value);
    const tooLong = failureOf(pair.api.echo('x'.repeat(21_000)));
    expect(await tooLong).toMatchObject({ code: 'frame.tooLarge' });
    expect(await first).toEqual([1]);
    await expectNothingLeft(pair);
  });
});

describe('a transport that does not take frames', () => {
  const limits = { ...small20, maxUnsentBytes: 50_000, maxAheadBytes: 150_000 };

  test('does not break because of what goes ahead, and gets it in the end', async () => {
    using pair = create(limits);
    pair.workerPipe.hold();
    const answers = [pair.api.filled(140_000, 1), pair.api.filled(140_000, 2)].map(answer =>
      answer.then(value => value),
    );
    await pair.idle();
    expect(pair.ends).toEqual({ host: [], worker: [] });
    pair.workerPipe.letGo();
    expect(told(await Promise.all(answers))).toEqual(
      told([1, 2].map(byte => new Uint8Array(140_000).fill(byte))),
    );
    await expectNothingLeft(pair);
  });

  test('has further answers wait once too many bytes do', async () => {
    using pair = create(limits);
    pair.workerPipe.hold();
    const answers = [1, 2, 3, 4].map(byte =>
      pair.api.filled(100_000, byte).then(({ length }) => length),
    );
    await pair.idle();
    pair.workerPipe.letGo();
    expect(await Promise.all(answers)).toEqual(Array(4).fill(100_000));
    await expectNothingLeft(pair);
  });

  test('has calls wait, with what goes ahead of them', async () => {
    using pair = create(limits);
    pair.hostPipe.hold();
    const lengths = [140_000, 80_000, 90_000];
    const calls = lengths.map(length => pair.api.length(data(length)).then(value => value));
    await pair.idle();
    expect(pair.ran).toEqual([]);
    pair.hostPipe.letGo();
    expect(await Promise.all(calls)).toEqual(lengths);
    await expectNothingLeft(pair);
  });
});

describe('a peer that sends too much ahead', () => {
  const piece = bytes(Op.piece, count(10_000), Buffer.alloc(10_000));

  test('is refused at the bound, however it is cut', () => {
    using pair = create({ ...small20, maxAheadBytes: 25_000 });
    pair.workerPipe.deliver(piece);
    pair.workerPipe.deliver(bytes(piece.subarray(0), Op.piece, count(5_000), Buffer.alloc(5_000)));
    expect(pair.worker.ended).toBeUndefined();
    pair.workerPipe.deliver(bytes(Op.piece, 1, 7));
    expect(pair.worker.ended).toMatchObject({ error: { code: 'protocol.violation' } });
    expect(pair.live.worker).toEqual(noneLive);
  });

  test('is not, when its messages take it', async () => {
    using pair = create({ ...small20, maxAheadBytes: 25_000 });
    for (let id = 1; id <= 10; id++) {
      const value = bytes(Tag.segment, 2, sentAhead, count(20_000));
      pair.workerPipe.deliver(
        bytes(piece, piece, call(id, 'length', CallFlag.keep, value), Op.drop, id),
      );
    }
    expect(pair.worker.ended).toBeUndefined();
    expect(pair.ran).toEqual(Array.from({ length: 10 }, () => 20_000));
    expect(pair.live.worker).toEqual(noneLive);
  });
});

describe('synchronous calls', () => {
  interface Callback {
    sync(...values: unknown[]): unknown;
  }

  /** A worker whose second channel ends in a host's, without time between them. */
  function createSync(limits: Partial<Limits>) {
    const channel = new LoopbackTransport();
    const sent: Buffer[] = [];
    const platform = manualPlatform();
    let isWaiting = false;
    const blockingPipe = {
      send: (frame: Uint8Array) => {
        sent.push(Buffer.from(frame));
        isWaiting = true;
        channel.deliver(frame.subarray(4));
        isWaiting = false;
      },
      receive: () => channel.sent.shift()!,
    };
    const endOfTurn = (task: () => void) => (isWaiting ? task() : platform.endOfTurn(task));
    const root = { ask: (callback: Callback, ...values: unknown[]) => callback.sync(...values) };
    const host = { platform: { ...platform, endOfTurn }, root: { take: () => 'taken' } };
    const pair = new Loopback(root, { limits, worker: { blockingPipe }, host });
    pair.host.serveSync(channel, createWorkScope());
    return Object.assign(pair, { channel, sent });
  }

  test('have bytes ahead of them and of their answers', async () => {
    using pair = createSync(small20);
    const [one, other] = [data(100_000, 2), data(70_000, 3)];
    const asked: unknown[] = [];
    const callback = (...values: unknown[]) => {
      asked.push(...values);
      return { values };
    };
    const answer = await pair.api.ask(callback as never, one, 'between', other);
    expect(told(asked)).toEqual(told([one, 'between', other]));
    expect(told(answer)).toEqual(told({ values: [one, 'between', other] }));
    for (const { length } of pair.sent) expect(length).toBeLessThanOrEqual(20_004);
    await expectNothingLeft(pair);
  });

  const taking = [Tag.segment, 2, sentAhead, 1];

  test.each<[string, RegExp, readonly Buffer[]]>([
    ['that it does not take', /without them/u, [bytes(Op.piece, 1, 7), syncCall()]],
    ['in its frame', /more than one message/u, [bytes(Op.piece, 1, 7, syncCall(...taking))]],
    ['that did not come', /did not come/u, [syncCall(...taking)]],
    ['that are none', /of nothing/u, [bytes(Op.piece, 0)]],
  ])('end the session with bytes ahead %s', (_what, reason, frames) => {
    using pair = createSync(small20);
    for (const frame of frames) pair.channel.deliver(frame);
    expect(pair.host.ended).toMatchObject({
      error: { code: 'protocol.violation', message: expect.stringMatching(reason) as string },
    });
    expect(pair.live.host).toEqual(noneLive);
  });

  test('are served with bytes ahead that it takes', async () => {
    using pair = createSync(small20);
    pair.channel.deliver(bytes(Op.piece, 1, 7));
    pair.channel.deliver(syncCall(...taking));
    await pair.idle();
    expect(pair.channel.sent.map(String)).toEqual([expect.stringContaining('taken')]);
    expect(pair.host.ended).toBeUndefined();
  });

  test('end the session when an answer leaves bytes over', async () => {
    const frames = [bytes(Op.piece, 2, 7, 7), bytes(Op.result, 1, Tag.segment, 2, sentAhead, 1)];
    const blockingPipe = { send: () => undefined, receive: () => frames.shift()! };
    using pair = new Loopback(
      { ask: (callback: Callback) => callback.sync() },
      { worker: { blockingPipe } },
    );
    const failure = failureOf(pair.api.ask((() => 1) as never));
    await pair.idle();
    expect(pair.worker.ended).toMatchObject({ error: { code: 'protocol.violation' } });
    pair.host.dispose();
    await failure;
  });

  function syncCall(...value: readonly number[]): Buffer {
    const flags = CallFlag.want | CallFlag.synchronous;
    return bytes(Op.call, flags, 1, 0, 1, text('take'), value.length > 0 ? 1 : 0, ...value);
  }
});

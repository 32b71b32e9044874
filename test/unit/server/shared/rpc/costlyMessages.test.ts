import { describe, expect, test } from 'vitest';
import { CallFlag, Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import type { BytesRoad } from '../../../../../server/shared/rpc/values/segments.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { call } from '../../../../support/refusedFrames.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, count, small, text, type Part } from '../../../../support/wireBytes.ts';

const maxWeight = 1_000;

function create() {
  return new Loopback(
    { echo: (value: unknown) => value, take: (_value: unknown) => undefined },
    { limits: { maxWeight } },
  );
}

function listOf(length: number, ...item: readonly Part[]): Part[] {
  return [Tag.array, count(length), ...Array.from({ length }, () => bytes(...item))];
}

const code = ({ ends }: Pick<Loopback<object>, 'ends'>) =>
  ends.worker.map(({ error }) => (error as { code?: unknown } | undefined)?.code);

describe('a message that would take much more memory than it has bytes', () => {
  test.each([
    ['nulls', listOf(maxWeight, Tag.null)],
    ['gaps', listOf(maxWeight, Tag.gap)],
    ['lists', listOf(200, Tag.array, 0)],
    ['objects', listOf(200, Tag.object, 0, 0)],
    ['maps', listOf(60, Tag.map, 0)],
    ['sets', listOf(60, Tag.set, 0)],
    ['errors', listOf(16, Tag.error, text('E'), 0, 0, 0)],
    ['regular expressions', listOf(16, Tag.regexp, text('a'), text(''))],
    ['empty byte lists', listOf(60, Tag.bytes, 2, 0)],
    [
      'remote objects',
      [Tag.array, 60, ...Array.from({ length: 60 }, (_, n) => bytes(Tag.mine, n + 2))],
    ],
    ['names', [Tag.object, 0, count(1_000), ...Array.from({ length: 1_000 }, () => text('n'))]],
    ['numbers', [Tag.numbers, 1, count(8_000), new Uint8Array(8_000)]],
  ])('is refused: %s', (_what, value) => {
    using pair = create();
    pair.workerPipe.deliver(call(1, 'take', CallFlag.want, bytes(...value)));
    expect(code(pair)).toEqual(['protocol.violation']);
  });

  test('is not sent: the call fails, and others go on', async () => {
    using pair = create();
    const values = [new Array(1_000), Array.from({ length: 60 }, () => new Map()), { a: [[[[]]]] }];
    const calls = values.map(value => pair.api.echo(value));
    expect(await failureOf(calls[0]!)).toMatchObject({ code: 'frame.tooLarge' });
    expect(await failureOf(calls[1]!)).toMatchObject({ code: 'frame.tooLarge' });
    expect(await calls[2]).toEqual({ a: [[[[]]]] });
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('is one only for itself: many that are light may follow each other', async () => {
    using pair = create();
    const list = Array.from({ length: 100 }, () => ({}));
    for (let n = 0; n < 20; n++) expect(await pair.api.echo(list)).toHaveLength(100);
  });
});

test.each([
  ['a bigint', [Tag.bigint, 0, count(2 ** 20 + 1), new Uint8Array(2 ** 20 + 1)]],
  ['a regular expression', [Tag.regexp, text('a'.repeat(2 ** 20 + 1)), text('')]],
])('%s that would take seconds to read is refused', (_what, value) => {
  using pair = create();
  pair.workerPipe.deliver(call(1, 'take', CallFlag.want, bytes(...value)));
  expect(code(pair)).toEqual(['protocol.violation']);
});

test.each([
  ['a bigint', () => 1n << BigInt(8 * 2 ** 20)],
  ['a regular expression', () => new RegExp('a'.repeat(2 ** 20 + 1), 'u')],
])('%s that would take seconds to read is not sent', async (_what, make) => {
  using pair = create();
  expect(await failureOf(pair.api.echo(make()))).toMatchObject({ code: 'value.unserializable' });
});

describe('items of a batch weigh what they may bring', () => {
  const limits = { maxWeight: 25 * 64 };

  test.each([
    [25, undefined],
    [26, 'protocol.violation'],
  ])('when %i come', (items, ended) => {
    using pair = new Loopback({ echo: (value: unknown) => value }, { limits });
    const nothing = Array.from({ length: items }, () => 0);
    const head = [Op.batch, CallFlag.want, 1, 0, 1, text('echo'), 0, items] as const;
    pair.workerPipe.deliver(bytes(...head, ...nothing));
    expect(code(pair)).toEqual(ended === undefined ? [] : [ended]);
  });

  test('when they are sent', async () => {
    using pair = new Loopback({ echo: (value: unknown) => value }, { limits });
    const items = (count: number) => Array.from({ length: count }, (): [] => []);
    expect(await pair.api.echo.batch(items(25) as never)).toHaveLength(25);
    const tooMany = pair.api.echo.batch(items(26) as never);
    expect(await failureOf(tooMany)).toMatchObject({ code: 'frame.tooLarge' });
  });
});

test('segments of one message have no more bytes together than a message may have', () => {
  const taken: number[] = [];
  const road: BytesRoad = {
    put: () => undefined,
    take: (_segment, length) => (taken.push(length), new Uint8Array(length)),
    free: () => undefined,
  };
  using pair = new Loopback(
    { take: (_value: unknown) => undefined },
    { limits: { maxAheadBytes: 1_000 }, worker: { road } },
  );
  const segments = listOf(3, Tag.segment, 2, 1, count(400));
  pair.workerPipe.deliver(call(1, 'take', CallFlag.want, bytes(...segments)));
  expect(code(pair)).toEqual(['protocol.violation']);
  expect(taken).toEqual([400, 400]);
});

test('objects in use are bounded on the side that uses them', () => {
  using pair = new Loopback(
    { take: (_value: unknown) => undefined },
    { limits: { maxReferences: 8 } },
  );
  const objects = Array.from({ length: 9 }, (_, n) => bytes(Tag.mine, 2 * n + 2));
  pair.workerPipe.deliver(bytes(Op.call, CallFlag.want, 1, 0, 1, text('take'), 9, ...objects));
  expect(code(pair)).toEqual(['protocol.violation']);
});

test('many errors that are given results still to come all get them', async () => {
  using pair = new Loopback({
    slow: () => new Promise(resolve => setImmediate(resolve, 1)),
    count: (errors: readonly Error[]) => errors.filter(({ cause }) => cause === 1).length,
  });
  const slow = pair.api.slow();
  const errors = Array.from({ length: 3_000 }, () => new Error('e', { cause: slow }));
  expect(await pair.api.count(errors)).toBe(3_000);
});

test('a peer that gives up calls before they start leaves none of them behind', async () => {
  using pair = create();
  const traced = CallFlag.want + CallFlag.traced;
  const parts = Array.from({ length: 10_000 }, (_, n) => [
    call(n + 1, 'take', traced, small(1)),
    bytes(Op.cancel, count(n + 1)),
  ]);
  pair.workerPipe.deliver(bytes(...parts.flat()));
  expect(pair.worker.live.served).toBe(0);
  expect(pair.ends.worker).toEqual([]);
  await pair.idle();
});

test('calls of one frame leave the turn when that has lasted, in their order', async () => {
  const ran: number[] = [];
  const tick = (n: number) => {
    pair.platform.clock.advance(1);
    return ran.push(n);
  };
  using pair = new Loopback({ tick });
  const numbers = Array.from({ length: 1_000 }, (_, n) => n);
  const calls = Promise.all(numbers.map(n => pair.api.tick(n).then(count => count)));
  while (ran.length === 0) await new Promise(setImmediate);
  expect(ran.length).toBeLessThan(numbers.length);
  await calls;
  expect(ran).toEqual(numbers);
});

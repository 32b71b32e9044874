import { describe, expect, test } from 'vitest';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

const settle = { settle: true } as const;

describe('a batch', () => {
  const odd = (item: number): unknown => (item === 2 ? { no: Symbol('no') } : { item });

  test.each([
    ['at once', async (batch: PromiseLike<unknown>) => await batch],
    [
      'later',
      async (batch: PromiseLike<unknown>, idle: () => unknown) => (await idle(), await batch),
    ],
  ])('with a result that cannot be sent has failed at its item, asked %s', async (_when, wait) => {
    using pair = new Loopback({ odd, use: (list: readonly unknown[]) => list.length });
    const stops = pair.api.odd.batch([[1], [2], [3]]);
    expect(await failureOf(wait(stops, () => pair.idle()))).toMatchObject({
      index: 1,
      results: [{ item: 1 }],
      message: 'cannot send a symbol (at result.no)',
    });
    const settles = pair.api.odd.batch([[1], [2], [3], [2]], settle);
    const reason = { message: 'cannot send a symbol (at result.no)' };
    const refused = { status: 'rejected', reason };
    expect(await wait(settles, () => pair.idle())).toMatchObject([
      { status: 'fulfilled', value: { item: 1 } },
      refused,
      { status: 'fulfilled', value: { item: 3 } },
      refused,
    ]);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('that has stopped has failed at the first of its items, also when one before cannot be sent', async () => {
    const work = (item: number) => {
      if (item > 2) throw new RangeError('too much');
      return odd(item);
    };
    using pair = new Loopback({ work });
    expect(await failureOf(pair.api.work.batch([[1], [2], [3], [4]]))).toMatchObject({
      index: 1,
      results: [{ item: 1 }],
      message: 'cannot send a symbol (at result.no)',
    });
  });

  test('with a result that cannot be sent sends the others, whatever these share', async () => {
    const shared = { text: 'x'.repeat(50_000) };
    const make = (item: number): unknown => [shared, item === 3 ? Symbol('no') : item];
    using pair = new Loopback({ make }, { limits: { maxFrameBytes: 100_000 } });
    const items = Array.from({ length: 20 }, (_, item): [number] => [item]);
    const outcomes = await pair.api.make.batch(items, settle);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
    expect(outcomes[3]).toMatchObject({
      reason: { message: 'cannot send a symbol (at result[1])' },
    });
  });

  test('with a result that is nested as deep as a value may be has failed at its item', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
    using pair = new Loopback({ nested }, { limits: { maxDepth: 50 } });
    expect(await pair.api.nested(50)).toEqual(nested(50));
    const outcomes = await pair.api.nested.batch([[49], [50], [1]], settle);
    const each = ['fulfilled', 'rejected', 'fulfilled'];
    expect(outcomes.map(({ status }) => status)).toEqual(each);
  });

  test('with a signal among its results has failed at that item', async () => {
    const make = (item: number): unknown => (item === 1 ? new AbortController().signal : item);
    using pair = new Loopback({ make });
    expect(await pair.api.make.batch([[0], [1], [2]], settle)).toMatchObject([
      { value: 0 },
      { reason: { code: 'value.unserializable' } },
      { value: 2 },
    ]);
  });

  test('with a getter that throws once, when its results are tried, has failed at that item', async () => {
    let looks = 0;
    const once = {
      get part() {
        if (++looks === 1) throw new Error('not yet');
        return 'there';
      },
    };
    const make = (item: number): unknown => [Symbol('no'), 'fine', once][item];
    using pair = new Loopback({ make });
    expect(await pair.api.make.batch([[0], [1], [2]], settle)).toMatchObject([
      { status: 'rejected' },
      { value: 'fine' },
      { reason: { message: 'not yet' } },
    ]);
  });

  test('with a getter that throws only once is sent', async () => {
    let looks = 0;
    const make = (): unknown => ({
      get part() {
        if (++looks === 1) throw new Error('not yet');
        return 'there';
      },
    });
    using pair = new Loopback({ make });
    expect(await pair.api.make.batch([[]])).toEqual([{ part: 'there' }]);
  });

  test('whose results are too much together fails, and says so', async () => {
    const make = () => 'x'.repeat(60_000);
    using pair = new Loopback({ make }, { limits: { maxFrameBytes: 100_000 } });
    expect(await failureOf(pair.api.make.batch([[], []], settle))).toMatchObject({
      code: 'frame.tooLarge',
    });
  });

  test.each<[string, unknown]>([
    ['bytes', 'x'.repeat(60_000)],
    ['values', Array.from({ length: 600 }, () => '')],
    ['bytes beside it', new Uint8Array(600_000)],
  ])(
    'fails when it would take long to find out which results cannot be sent: %s',
    async (_what, part) => {
      let read = 0;
      const make = (): unknown => [
        {
          get part() {
            read++;
            return part;
          },
        },
        Symbol('no'),
      ];
      const limits = { maxFrameBytes: 200_000, maxWeight: 2_000, maxAheadBytes: 2_000_000 };
      const road = { put: () => 1, take: () => new Uint8Array(), free: () => undefined };
      using pair = new Loopback({ make }, { limits, worker: { road } });
      const batch = (items: number) => pair.api.make.batch(Array<[]>(items).fill([]), settle);
      expect(await batch(3)).toMatchObject(Array(3).fill({ status: 'rejected' }));
      read = 0;
      const message = expect.stringMatching(
        /^cannot send a symbol \(at results\[\d+\]\[1\]\)$/u,
      ) as string;
      expect(await failureOf(batch(20))).toMatchObject({ message });
      expect(read).toBeLessThan(18);
    },
  );

  test.each([0, 1, 2])('says so as well when one cannot be sent: number %i', async odd => {
    const make = (item: number) => (item === odd ? (Symbol('no') as never) : 'x'.repeat(60_000));
    using pair = new Loopback({ make }, { limits: { maxFrameBytes: 100_000 } });
    expect(await failureOf(pair.api.make.batch([[0], [1], [2]], settle))).toMatchObject({
      message: expect.stringContaining('ask for fewer') as string,
    });
  });

  test('whose results are too much together tries them no further than that', async () => {
    let read = 0;
    const make = (item: number): unknown => ({
      no: item === 0 ? Symbol('no') : 0,
      get text() {
        read++;
        return 'x'.repeat(60_000);
      },
    });
    using pair = new Loopback({ make }, { limits: { maxFrameBytes: 200_000 } });
    for (const first of [0, 1]) {
      const items = Array.from({ length: 100 }, (_, item): [number] => [first + item]);
      read = 0;
      expect(await failureOf(pair.api.make.batch(items, settle))).toMatchObject({
        code: 'frame.tooLarge',
        message: expect.stringContaining('ask for fewer') as string,
      });
      expect(read).toBeLessThan(40);
    }
  });

  test.each<[string, () => unknown]>([
    ['is too much for a message', () => 'x'.repeat(300_000)],
    ['stands beside much that goes ahead of it', () => Symbol('no')],
    [
      'looks as if it were too much together',
      () => ({ text: 'x'.repeat(90_000), no: Symbol('no') }),
    ],
  ])('loses a result alone that %s', async (_what, odd) => {
    const make = (item: number): unknown => (item % 2 === 1 ? odd() : new Uint8Array(150_000));
    const limits = { maxFrameBytes: 200_000, maxAheadBytes: 10_000_000 };
    const road = { put: () => 1, take: () => new Uint8Array(150_000), free: () => undefined };
    using pair = new Loopback({ make }, { limits, host: { road }, worker: { road } });
    const items = [0, 1, 2, 3, 4, 5].map((item): [number] => [item]);
    const outcomes = await pair.api.make.batch(items, settle);
    const each = ['fulfilled', 'rejected'];
    expect(outcomes.map(({ status }) => status)).toEqual([...each, ...each, ...each]);
  });

  test('loses a result alone that is too much in small parts', async () => {
    const make = (parts: number) => Array.from({ length: parts }, () => 'x'.repeat(10_000));
    using pair = new Loopback({ make }, { limits: { maxFrameBytes: 200_000 } });
    const outcomes = await pair.api.make.batch([[5], [22], [5]], settle);
    const each = ['fulfilled', 'rejected', 'fulfilled'];
    expect(outcomes.map(({ status }) => status)).toEqual(each);
  });
});

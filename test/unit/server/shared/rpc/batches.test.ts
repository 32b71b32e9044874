import { describe, expect, test } from 'vitest';
import { Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import type { RemoteError } from '../../../../../server/shared/errors.ts';
import { BatchError } from '../../../../../server/shared/rpc/batches.ts';
import type { Callback } from '../../../../../server/shared/rpc/remoteTypes.ts';
import type { PassingPolicy } from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { wireError } from '../../../../support/refusedFrames.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, small } from '../../../../support/wireBytes.ts';

const settle = { settle: true } as const;

function create(policy?: PassingPolicy) {
  const ran: number[] = [];
  const pair = new Loopback(
    {
      work: async (item: number) => {
        if (item % 2 === 0) await new Promise(setImmediate);
        ran.push(item);
        const own = { code: 'EMINUS', at: { line: item, ends: [1] } };
        if (item < 0) throw Object.assign(new RangeError(`no ${item}`), own);
        return item * 10;
      },
      echo: (value: unknown) => value,
      sum: (items: number[]) => items.reduce((a, b) => a + b, 0),
      callEach: async (ask: Callback<(item: number) => number>) => ask.batch([[1], [2]]),
      adder: () => (one: number, other: number) => one + other,
      make: (name: string) => ({ name, self: () => name }),
    },
    policy && { worker: { policy } },
  );
  return Object.assign(pair, { ran });
}

describe('a batch', () => {
  test('runs its items in order, in one message, and brings their results', async () => {
    using pair = create();
    expect(await pair.api.work.batch([[1], [2], [3], [4]])).toEqual([10, 20, 30, 40]);
    expect(pair.ran).toEqual([1, 2, 3, 4]);
    expect(pair.hostPipe.sent).toHaveLength(1);
    expect(pair.workerPipe.sent).toHaveLength(1);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('of a function that another call will bring travels with that call', async () => {
    using pair = create();
    const add = pair.api.adder() as unknown as {
      batch(items: number[][]): Promise<number[]>;
    };
    expect(
      await add.batch([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([3, 7]);
    expect(pair.hostPipe.sent).toHaveLength(1);
  });

  test('of nothing brings nothing', async () => {
    using pair = create();
    expect(await pair.api.work.batch([])).toEqual([]);
  });

  test('stops at the first failure and still brings what came before', async () => {
    using pair = create();
    const failure = await failureOf(pair.api.work.batch([[1], [2], [-3], [4]]));
    expect(failure).toBeInstanceOf(BatchError);
    expect(failure).toMatchObject({
      index: 2,
      results: [10, 20],
      message: 'no -3',
      remoteName: 'RangeError',
      remoteCode: 'EMINUS',
      at: { line: -3, ends: [1] },
    });
    expect(pair.ran).toEqual([1, 2, -3]);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('tells of a failure by value, whatever the policies say', async () => {
    using pair = create({ types: [], objects: 'reference' });
    const failure = await failureOf(pair.api.work.batch([[-1]]));
    expect(failure).toMatchObject({ at: { line: -1, ends: [1] } });
    expect(pair.live.worker.objects).toBe(0);
  });

  test('that settles runs all and brings an outcome for each', async () => {
    using pair = create();
    const outcomes = await pair.api.work.batch([[1], [-2], [3]], settle);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: { message: 'no -2', remoteName: 'RangeError' } },
      { status: 'fulfilled', value: 30 },
    ]);
    expect(pair.ran).toEqual([1, -2, 3]);
  });

  test('works in the other direction, on a callback', async () => {
    using pair = create();
    expect(await pair.api.callEach((item: number) => item + 1)).toEqual([2, 3]);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('can be used before it is there: it is the list of its results', async () => {
    using pair = create();
    expect(await pair.api.sum(pair.api.work.batch([[1], [2]]))).toBe(30);
    expect(pair.hostPipe.sent).toHaveLength(1);
  });

  test('that settles is used as the outcomes of its items', async () => {
    using pair = create();
    const outcomes = pair.api.work.batch([[1], [-2]], settle);
    expect(await pair.api.echo(outcomes)).toMatchObject([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: { message: 'no -2', remoteName: 'RangeError' } },
    ]);
    expect(pair.hostPipe.sent).toHaveLength(1);
  });

  test('that fails fails what uses it', async () => {
    using pair = create();
    const failure = await failureOf(pair.api.sum(pair.api.work.batch([[1], [-2]])));
    expect(failure).toMatchObject({ message: "'work' failed: no -2", failedCall: 'work' });
  });

  test('is awaited late with the same outcome', async () => {
    using pair = create();
    const good = pair.api.work.batch([[1]]);
    const bad = pair.api.work.batch([[-1]]);
    await pair.idle();
    expect(await good).toEqual([10]);
    expect(await failureOf(bad)).toMatchObject({ index: 0, results: [] });
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('that is kept holds nothing of what it was asked with', async () => {
    using pair = create();
    const kept = pair.api.callEach.batch([[(item: number) => item]]);
    expect(await pair.idle()).toMatchObject({ worker: { kept: 1 } });
    expect(await pair.collected()).toMatchObject({ host: { objects: 0 } });
    void kept;
  });

  test('with an item that cannot be sent is not sent at all', async () => {
    using pair = create();
    const failure = await failureOf(pair.api.work.batch([[1], [Symbol('no') as never]]));
    expect(failure).toMatchObject({ code: 'value.unserializable' });
    expect(pair.hostPipe.sent).toEqual([]);
  });

  test('of a member that is none fails as a call of it would', async () => {
    using pair = create();
    const { api } = pair as unknown as { api: { missing: typeof pair.api.work } };
    expect(await failureOf(api.missing.batch([[1]]))).toMatchObject({ code: 'call.unknownMethod' });
  });

  test('can be given up', async () => {
    using pair = create();
    const stopped = new AbortController();
    stopped.abort();
    const { signal } = stopped;
    expect(await failureOf(pair.api.work.batch([[1]], { signal }))).toMatchObject({
      code: 'call.cancelled',
    });
  });
});

test('a batch that is given up runs no further items', async () => {
  using pair = create();
  const controller = new AbortController();
  const { signal } = controller;
  const items = Array.from({ length: 50 }, (): [number] => [2]);
  const batch = failureOf(pair.api.work.batch(items, { signal }));
  while (pair.ran.length < 3) await new Promise(setImmediate);
  controller.abort();
  expect(await batch).toMatchObject({ code: 'call.cancelled' });
  for (let turn = 0; turn < 10 * items.length; turn++) await new Promise(setImmediate);
  expect(pair.ran.length).toBeLessThan(10);
});

test('a batch whose items do not wait leaves its turn when that has lasted, and can be given up', async () => {
  let ran = 0;
  const tick = () => {
    pair.platform.clock.advance(1);
    return ++ran;
  };
  using pair = new Loopback({ tick });
  const controller = new AbortController();
  const { signal } = controller;
  const items = Array.from({ length: 1_000 }, (): [] => []);
  const batch = failureOf(pair.api.tick.batch(items, { signal }));
  while (ran === 0) await new Promise(setImmediate);
  expect(ran).toBeLessThan(items.length);
  controller.abort();
  expect(await batch).toMatchObject({ code: 'call.cancelled' });
  for (let turn = 0; turn < items.length; turn++) await new Promise(setImmediate);
  expect(ran).toBeLessThan(items.length);
});

describe('batches that take several turns', () => {
  const slowly = () => {
    const ran: unknown[] = [];
    const pair = new Loopback({
      tick: (item: unknown) => {
        pair.platform.clock.advance(1);
        return ran.push(item);
      },
      ran: () => [...ran],
    });
    return Object.assign(pair, { ran });
  };
  const items = (name: string, length: number) =>
    Array.from({ length }, (_, n): [string] => [`${name}${n}`]);

  test('are done before what was called after them', async () => {
    using pair = slowly();
    const first = pair.api.tick.batch(items('a', 100));
    const second = pair.api.tick.batch(items('b', 100));
    const seen = pair.api.ran();
    expect(await seen).toEqual([...items('a', 100), ...items('b', 100)].flat());
    expect(await Promise.all([first, second])).toHaveLength(2);
  });

  test('are done before what is called when they have begun', async () => {
    using pair = slowly();
    const batch = pair.api.tick.batch(items('a', 100)).then(results => results.length);
    while (pair.ran.length === 0) await new Promise(setImmediate);
    expect(await pair.api.ran()).toHaveLength(100);
    expect(await batch).toBe(100);
  });

  test('share their turns', async () => {
    const waiting = Promise.withResolvers<void>();
    let ran = 0;
    using pair = new Loopback({
      tick: (first: boolean) => {
        if (first) return waiting.promise;
        pair.platform.clock.advance(1);
        return void ran++;
      },
    });
    const all = Array.from({ length: 50 }, () =>
      pair.api.tick.batch([[true], ...Array.from({ length: 50 }, (): [boolean] => [false])]),
    );
    await pair.idle();
    waiting.resolve();
    while (ran === 0) await new Promise(setImmediate);
    expect(ran).toBeLessThan(8 * 50);
    await Promise.all(all.map(batch => batch.then(results => results)));
    expect(ran).toBe(50 * 50);
  });

  test('run no further items once nobody waits any more', async () => {
    using pair = slowly();
    const batch = failureOf(pair.api.tick.batch(items('a', 1_000)));
    while (pair.ran.length === 0) await new Promise(setImmediate);
    pair.worker.dispose();
    const before = pair.ran.length;
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(pair.ran).toHaveLength(before);
    pair.host.dispose();
    expect(await batch).toMatchObject({ code: 'session.closed' });
  });

  test('do not leave them for each item that has been waited for', async () => {
    using pair = new Loopback({
      wait: async () => {
        await new Promise(setImmediate);
        pair.platform.clock.advance(100);
      },
    });
    let isDone = false;
    const batch = pair.api.wait.batch(Array.from({ length: 100 }, (): [] => []));
    const done = batch.then(() => (isDone = true));
    let turns = 0;
    for (; !isDone; turns++) await new Promise(setImmediate);
    await done;
    expect(turns).toBeLessThan(150);
  });

  test('look after each item once these are slow', async () => {
    let ran = 0;
    using pair = new Loopback({
      slow: () => {
        pair.platform.clock.advance(100);
        return ++ran;
      },
    });
    const batch = pair.api.slow.batch(Array.from({ length: 20 }, (): [] => []));
    const done = batch.then(results => results);
    const ranBefore: number[] = [];
    for (; ran < 20; await new Promise(setImmediate)) ranBefore.push(ran);
    expect(ranBefore.length).toBeGreaterThanOrEqual(20);
    expect(await done).toHaveLength(20);
  });
});

test('the list that a batch brings is one list, and has the results themselves', async () => {
  const found = { name: 'a' };
  using pair = new Loopback({
    find: () => found,
    isIn: (list: readonly unknown[]) => list.includes(found),
    count: (list: readonly unknown[]) => list.length,
  });
  const list = pair.api.find.batch([[], []]) as unknown as {
    push(item: number): PromiseLike<number>;
    readonly length: PromiseLike<number>;
  };
  expect(await pair.api.isIn(list as never)).toBe(true);
  expect(await list.push(5)).toBe(3);
  expect(await list.length).toBe(3);
  expect(await pair.api.count(list as never)).toBe(3);
});

test('the many failures of one batch are told in brief', async () => {
  const fail = (n: number) => {
    throw Object.assign(new RangeError(`${n} `.repeat(300)), {
      code: 'EX',
      cause: new Error('why'),
    });
  };
  using pair = new Loopback({ fail });
  const failed = await pair.api.fail.batch(
    Array.from({ length: 5_000 }, (_, n): [number] => [n]),
    { settle: true },
  );
  const reasons = failed.map(one => (one as PromiseRejectedResult).reason as RemoteError);
  expect(reasons[0]).toMatchObject({
    remoteName: 'RangeError',
    remoteStack: expect.any(String) as string,
  });
  expect(reasons.at(-1)).toMatchObject({ remoteName: 'RangeError', remoteCode: 'EX' });
  expect(reasons.at(-1)!.message).toMatch(/^4999 4999 /u);
  expect(reasons.at(-1)!.remoteStack).toBeUndefined();
  expect(reasons.at(-1)!.message.length).toBeLessThan(250);
});

test('a batch that takes several turns brings all its results', async () => {
  const tick = (n: number) => {
    pair.platform.clock.advance(1);
    return n;
  };
  using pair = new Loopback({ tick });
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  expect(await pair.api.tick.batch(numbers.map((n): [number] => [n]))).toEqual(numbers);
});

const noFailures = [Tag.array, 0];
const failure = (index: number) => [Tag.array, 1, Tag.array, 2, small(index), wireError];
const twoResults = [Tag.array, 2, small(1), small(2)];

test.each([
  ['that lack results', false, [Tag.array, 0], noFailures],
  ['that lack results of a batch that runs all', true, twoResults, noFailures],
  ['with a failure of an item there is not', false, twoResults, failure(3)],
  ['with a failure before the last result', false, twoResults, failure(1)],
  ['with a failure that is no list', false, twoResults, [Tag.array, 1, small(1)]],
])('answers %s fail the batch', async (_what, settle, results, failures) => {
  using pair = new Loopback({ never: () => new Promise<never>(() => undefined) });
  const { never } = pair.api;
  const items: [][] = [[], [], []];
  const batch = failureOf(settle ? never.batch(items, { settle }) : never.batch(items));
  await pair.idle();
  pair.hostPipe.deliver(bytes(Op.result, 1, Tag.array, 2, ...results, ...failures));
  expect(await batch).toMatchObject({ code: 'protocol.violation' });
});

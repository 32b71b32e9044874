import { describe, expect, test, vi } from 'vitest';
import { createWorkScope } from '../../../../../server/node/workScope.ts';
import { CallFlag, Op } from '../../../../../server/shared/protocol/wire.ts';
import { Loopback, LoopbackTransport } from '../../../../support/loopback.ts';
import { bytes, count } from '../../../../support/wireBytes.ts';

const times = 2_000;
/** So many of these are four times what may wait before calls are held back. */
const text = 'x'.repeat(3_900);

type Callback = () => unknown;

type Called = (value?: unknown) => PromiseLike<unknown>;

interface Traced {
  with(options: { deadlineMs: number }): () => PromiseLike<unknown>;
}

type Flood = 'flood' | 'floodWithDeadlines' | 'floodInPairs' | 'floodUnasked';

/** A host whose worker calls it many times, and then reads nothing until the test lets it. */
class Unread {
  ran = 0;
  readonly channel = new LoopbackTransport();
  readonly haveAllRun = Promise.withResolvers<void>();
  readonly pair = new Loopback(
    {
      give: (callback: Callback) => void this.given.push(callback),
      flood: async (callback: () => Promise<unknown>) => {
        const called = Array.from({ length: times }, callback);
        return (await Promise.allSettled(called)).map(({ status }) => status);
      },
      floodWithDeadlines: (callback: Traced) => {
        const options = { deadlineMs: 60_000 };
        const called = Array.from({ length: times }, () => callback.with(options)());
        return Promise.allSettled(called).then(all => all.map(({ status }) => status));
      },
      /** What uses it has to wait for it, though somebody else has been promised it as well. */
      floodInPairs: (callback: Called) => {
        const called = Array.from({ length: times / 2 }, () => {
          const first = callback();
          void first.then(
            () => undefined,
            () => undefined,
          );
          return [first, callback(first)];
        });
        return Promise.allSettled(called.flat()).then(all => all.map(({ status }) => status));
      },
      floodUnasked: async (callback: () => Promise<unknown>) => {
        const called = Array.from({ length: times }, callback);
        await new Promise(setImmediate);
        await new Promise(setImmediate);
        return (await Promise.allSettled(called)).map(({ status }) => status);
      },
    },
    { limits: { maxUnsentBytes: 4 * 1024 * 1024 } },
  );
  private readonly given: unknown[] = [];

  constructor() {
    this.pair.host.serveSync(this.channel, createWorkScope());
  }

  /** What comes of the calls, and how many have run when nothing moves any more. */
  async flood(how: Flood, end: Callback) {
    const callback = () => {
      if (++this.ran === times) this.haveAllRun.resolve();
      return end();
    };
    const outcomes = this.pair.api[how](callback as never).then(all => all);
    outcomes.catch(() => undefined); // not every test waits for it
    await new Promise(setImmediate);
    this.pair.hostPipe.hold();
    await this.pair.idle();
    return { outcomes, ran: this.ran };
  }

  /** The worker calls what it was given first, and does nothing but wait. */
  callAndWait(): void {
    const flags = CallFlag.want | CallFlag.synchronous;
    this.channel.deliver(bytes(Op.call, flags, 1, count(2), 0, 0));
  }

  [Symbol.dispose](): void {
    this.pair[Symbol.dispose]();
  }
}

const fails = () => {
  throw new Error(text);
};

describe('a worker that does not read', () => {
  test.each([
    ['brings much', 'fulfilled', () => text],
    ['fails with much', 'rejected', fails],
  ] as const)('has calls wait when what went before %s', async (_what, status, end) => {
    using unread = new Unread();
    const { pair } = unread;
    const { outcomes, ran } = await unread.flood('flood', end);
    expect(ran).toBeLessThan(times / 2);
    pair.hostPipe.letGo();
    expect(await outcomes).toEqual(Array(times).fill(status));
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test.each([
    ['bring', 'flood', 'fulfilled', async () => text],
    ['fail with', 'flood', 'rejected', async () => fails()],
    ['have brought when it asks', 'floodUnasked', 'fulfilled', () => text],
    ['have failed with when it asks', 'floodUnasked', 'rejected', fails],
  ] as const)('is told later what calls under way %s', async (_what, how, status, end) => {
    using unread = new Unread();
    const { pair } = unread;
    const { outcomes } = await unread.flood(how, end);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    pair.hostPipe.letGo();
    expect(await outcomes).toEqual(Array(times).fill(status));
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test.each([
    ['that this may need', 'flood', () => text],
    ['that can be given up', 'floodWithDeadlines', () => text],
    ['that use others', 'floodInPairs', () => text],
  ] as const)('since it waits for a call has those run %s', async (_what, how, end) => {
    using unread = new Unread();
    const { pair, haveAllRun, channel } = unread;
    await pair.api.give(() => haveAllRun.promise);
    const { outcomes, ran } = await unread.flood(how, end);
    expect(ran).toBeLessThan(times / 2);
    unread.callAndWait();
    await haveAllRun.promise;
    await pair.idle();
    expect(channel.sent).toHaveLength(1);
    pair.hostPipe.letGo();
    expect(await outcomes).toHaveLength(times);
  });

  test('is told of a result that cannot be sent, and calls that use it do not run', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    let isUsed = false;
    using pair = new Loopback(
      {
        go: async (fill: Called, make: Called, use: Called) => {
          const made = make();
          const calls = [made, use(made), ...Array.from({ length: times }, () => fill())];
          return (await Promise.allSettled(calls)).map(({ status }) => status);
        },
      },
      { limits: { maxUnsentBytes: 4 * 1024 * 1024 } },
    );
    const [fill, make, use] = [() => text, () => promise, () => (isUsed = true)];
    const outcomes = pair.api.go(fill as never, make as never, use as never).then(all => all);
    await new Promise(setImmediate);
    pair.hostPipe.hold();
    await pair.idle();
    resolve(Symbol('no'));
    await pair.idle();
    pair.hostPipe.letGo();
    expect((await outcomes).slice(0, 2)).toEqual(['rejected', 'rejected']);
    expect(isUsed).toBe(false);
  });

  test('leaves nothing to be done when all have run', async () => {
    using unread = new Unread();
    const { pair, haveAllRun } = unread;
    await pair.api.give(() => new Promise(() => undefined));
    await unread.flood('flood', () => text);
    unread.callAndWait();
    await haveAllRun.promise;
    await pair.idle();
    const turns = vi.spyOn(pair.platform, 'nextTurn');
    await pair.idle();
    expect(turns).not.toHaveBeenCalled();
  });
});

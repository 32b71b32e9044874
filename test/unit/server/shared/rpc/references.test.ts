import { describe, expect, test } from 'vitest';
import { getHandle } from '../../../../../server/shared/rpc/handle.ts';
import { isRemote } from '../../../../../server/shared/rpc/remoteObject.ts';
import { byRef, byValue } from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, noneLive, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

class Counter {
  count = 0;
  next(): number {
    return ++this.count;
  }
}

function create() {
  const counter = new Counter();
  return new Loopback({
    counter: () => counter,
    another: () => new Counter(),
    isIt: (value: unknown) => value === counter,
    echo: (value: unknown) => value,
    keep: (..._values: unknown[]) => undefined,
    countAll: (counters: readonly Counter[]) => counters.map(each => each.next()),
  });
}

describe('an object that lives with the other side', () => {
  test('is called through a remote, and keeps its state', async () => {
    using pair = create();
    using counter = await pair.api.counter();
    expect(isRemote(counter)).toBe(true);
    expect([await counter.next(), await counter.next()]).toEqual([1, 2]);
  });

  test('is the same remote however often it comes, and is released as often', async () => {
    using pair = create();
    {
      using counter = await pair.api.counter();
      expect(await pair.api.counter()).toBe(counter);
      expect(await pair.api.echo([counter, { counter }])).toEqual([counter, { counter }]);
      expect(pair.live.host.remotes).toBe(1);
      expect(pair.live.worker.objects).toBe(1);
    }
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('comes home as itself, wherever it stands', async () => {
    using pair = create();
    using counter = await pair.api.counter();
    expect(await pair.api.isIt(counter)).toBe(true);
    expect(await pair.api.countAll([counter, counter])).toEqual([1, 2]);
  });

  test('can be released twice, which does nothing the second time', async () => {
    using pair = create();
    const counter = await pair.api.counter();
    counter[Symbol.dispose]();
    counter[Symbol.dispose]();
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('fails with its own error once it is released, as target and as argument', async () => {
    using pair = create();
    const counter = await pair.api.counter();
    counter[Symbol.dispose]();
    const frames = pair.hostPipe.sent.length;
    expect(await failureOf(counter.next())).toMatchObject({ code: 'reference.released' });
    expect(await failureOf(pair.api.echo([counter]))).toMatchObject({ code: 'reference.released' });
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.hostPipe.sent.length - frames).toBe(1); // the release itself
  });

  test('is a new remote when it comes again after its release', async () => {
    using pair = create();
    const first = await pair.api.counter();
    first[Symbol.dispose]();
    using second = await pair.api.counter();
    expect(second).not.toBe(first);
    expect(await second.next()).toBe(1);
  });

  test('survives a release that crosses the same object on its way here', async () => {
    using pair = create();
    const first = await pair.api.counter();
    const again = pair.api.counter().then(counter => counter);
    await new Promise(setImmediate); // the worker has answered, the host has not heard of it
    first[Symbol.dispose]();
    using second = await again;
    expect(await second.next()).toBe(1);
  });

  test('is refused by another session', async () => {
    using pair = create();
    using other = create();
    using counter = await pair.api.counter();
    expect(await failureOf(other.api.echo({ counter }))).toMatchObject({
      code: 'reference.foreign',
    });
    using result = pair.api.counter();
    expect(await failureOf(other.api.echo(result))).toMatchObject({ code: 'reference.foreign' });
    expect((await other.idle()).host).toEqual(noneLive);
  });

  test('is released when nobody can reach it any more', async () => {
    using pair = create();
    await (async () => {
      const counter = await pair.api.counter();
      await counter.next();
    })();
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('stays as long as one of its methods can be reached', async () => {
    using pair = create();
    const { next } = await (async () => ({ next: (await pair.api.another()).next }))();
    await pair.collected();
    expect(await next()).toBe(1);
    expect(pair.live.worker.objects).toBe(1);
  });
});

describe('an object of this side', () => {
  test('is called by the other through a remote of its own', async () => {
    using pair = new Loopback({
      use: async (counter: { next(): Promise<number> }) => [
        await counter.next(),
        await counter.next(),
      ],
    });
    expect(await pair.api.use(new Counter())).toEqual([1, 2]);
    expect(pair.live.host.objects).toBe(1);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('has one number as long as it is used, however often it is sent', async () => {
    using pair = create();
    const mine = new Counter();
    expect(await pair.api.echo([mine, mine])).toEqual([mine, mine]);
    expect(await pair.api.echo(mine)).toBe(mine);
    expect(pair.live.host.objects).toBe(1);
  });

  test('is not kept when the message that names it cannot be sent', async () => {
    using pair = create();
    await failureOf(pair.api.keep(new Counter(), Symbol('no')));
    await failureOf(pair.api.keep([byRef({}), () => 1], Promise.resolve()));
    expect(pair.live.host.objects).toBe(0);
  });

  test('is not kept when there are as many as agreed already', async () => {
    using pair = new Loopback(
      { keep: (_value: unknown) => new Promise<never>(() => undefined) },
      { limits: { maxReferences: 2 } },
    );
    const first = failureOf(pair.api.keep([byRef({}), byRef({})]));
    expect(await failureOf(pair.api.keep(byRef({})))).toMatchObject({ code: 'queue.full' });
    expect(pair.live.host.objects).toBe(2);
    pair.host.dispose();
    await first;
  });

  test('is released on the other side at the end of a `using` block', async () => {
    using pair = new Loopback({
      use: async (listener: Disposable & (() => Promise<void>)) => {
        using heard = listener;
        await heard();
      },
    });
    let calls = 0;
    await pair.api.use(() => void calls++);
    expect(await pair.idle()).toEqual(nothingLive);
    expect(calls).toBe(1);
  });
});

describe('a callback', () => {
  test('that is released while it is called still answers', async () => {
    using pair = new Loopback({
      use: (ask: Disposable & ((value: number) => Promise<number>)) => {
        const answer = ask(1);
        ask[Symbol.dispose]();
        return answer;
      },
    });
    const slowly = async (value: number) => {
      await new Promise(setImmediate);
      return value + 1;
    };
    expect(await pair.api.use(slowly)).toBe(2);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('that is called after the call that brought it works as long as it is held', async () => {
    let held: ((value: number) => Promise<number>) | undefined;
    using pair = new Loopback({ hold: (ask: typeof held) => void (held = ask) });
    await pair.api.hold((value: number) => value + 1);
    await pair.idle();
    expect(await held!(1)).toBe(2);
    held = undefined;
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('may call back in turn, as deeply as it likes', async () => {
    using pair = new Loopback({
      down: async (depth: number, ask: (depth: number) => Promise<number>): Promise<number> =>
        depth === 0 ? 0 : 1 + (await ask(depth - 1)),
    });
    const again = (depth: number): PromiseLike<number> => pair.api.down(depth, again);
    expect(await again(20)).toBe(20);
    expect(await pair.collected()).toEqual(nothingLive);
  });
});

describe('marks', () => {
  test('byRef makes plain data live, byValue makes a live object data', async () => {
    using pair = create();
    const data = { a: 1 };
    expect(await pair.api.echo(byRef(data))).toBe(data);
    expect(await pair.api.echo(byValue(new Counter()))).toEqual({ count: 0 });
  });

  test('a call can say how its arguments and its result go', async () => {
    using pair = create();
    const data = { a: 1 };
    expect(await pair.api.echo.with({ args: 'reference' })(data)).toBe(data);
    expect(await pair.api.another.with({ result: 'value' })()).toEqual({ count: 0 });
    const remote = await pair.api.echo.with({ result: 'reference' })(data);
    expect(isRemote(remote)).toBe(true);
  });

  test('what a call says of its result holds also when it is asked for late', async () => {
    using pair = create();
    const result = pair.api.another.with({ result: 'value' })();
    await pair.idle();
    expect(await result).toEqual({ count: 0 });
    expect(await pair.idle()).toEqual(nothingLive);
  });
});

test('nobody but this code can make something look like a remote', () => {
  const fake = Object.assign(() => undefined, { remote: {}, handle: {} });
  expect(isRemote(fake)).toBe(false);
  expect(getHandle(fake)).toBeUndefined();
});

test('everything is forgotten when the connection ends', async () => {
  using pair = create();
  const counter = await pair.api.counter();
  void pair.api.keep(new Counter());
  pair.host.dispose();
  pair.worker.dispose();
  expect(pair.live).toEqual(nothingLive);
  expect(await failureOf(counter.next())).toMatchObject({ code: 'session.closed' });
});

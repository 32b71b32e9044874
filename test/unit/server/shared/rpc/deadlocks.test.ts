import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createWorkScope } from '../../../../../server/node/workScope.ts';
import { CallFlag, Op } from '../../../../../server/shared/protocol/wire.ts';
import type { HeldUp } from '../../../../../server/shared/rpc/syncServing.ts';
import type { SyncWork } from '../../../../../server/shared/rpc/syncWork.ts';
import { Loopback, LoopbackTransport } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, count } from '../../../../support/wireBytes.ts';

type Callback = () => unknown;

/** What was told to callbacks of this test. */
let told: unknown[];
const tell = (what: unknown) => void told.push(what);
let callers: Caller[];
beforeEach(() => {
  told = [];
  callers = [];
});

/** A worker that answers when the test lets it, and whose second channel is in the test's hands. */
class Caller {
  readonly scope;
  readonly channel = new LoopbackTransport();
  readonly answers: ((value: unknown) => void)[] = [];
  /** Bytes that are still being read of the other channel. */
  unread = 0;
  readonly heldUp: HeldUp[] = [];
  readonly pair;
  private readonly given: unknown[] = [];
  /** How many functions it was given. */
  objects = 0;
  private calls = 0;

  constructor(scope = createWorkScope<SyncWork>()) {
    this.scope = scope;
    const { answers, given } = this;
    callers.push(this);
    this.pair = new Loopback({
      give: (callback: Callback) => void given.push(callback),
      echo: (value: unknown) => value,
      later: (_value?: unknown) => new Promise(resolve => answers.push(resolve)),
      withResultOf: (callback: Callback) => ({ result: callback() }),
    });
    let read = 0;
    this.pair.host.serveSync(this.channel, scope, () => (this.unread > 0 ? (read += 1) : read));
    this.pair.host.onHeldUp(held => this.heldUp.push(held));
  }

  get api() {
    return this.pair.api;
  }

  /** The worker calls this and waits; just before, it does something else. */
  async waitFor(callback: Callback, before?: () => void): Promise<void> {
    await this.api.give(callback);
    this.objects++;
    before?.();
    this.channel.deliver(
      bytes(
        Op.call,
        CallFlag.want | CallFlag.synchronous,
        ++this.calls,
        count(this.objects * 2),
        0,
        0,
      ),
    );
  }

  [Symbol.dispose](): void {
    this.pair[Symbol.dispose]();
  }
}

/** Time passes with them. */
const someTurns = async (turns = 10) => {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise(setImmediate);
    for (const { pair } of callers) pair.platform.clock.advance(100);
  }
};

const deadlock = { code: 'call.deadlock' };

describe('a callback that its caller waits for is refused to wait in turn', () => {
  test.each<[string, (earlier: Promise<unknown>) => unknown]>([
    ['by awaiting', async earlier => void (await earlier)],
    ['by returning it', earlier => earlier],
    ['by then', earlier => earlier.then(() => 1)],
    ['by catch', earlier => earlier.catch((error: unknown) => Promise.reject(error as Error))],
    ['by finally', earlier => earlier.finally(() => undefined)],
    ['among others', earlier => Promise.all([Promise.resolve(1), earlier])],
    [
      'after a while',
      async earlier => {
        await someTurns(3);
        return earlier;
      },
    ],
  ])('for a call that was made before, %s', async (_how, wait) => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    const seen = vi.fn();
    await caller.waitFor(async () => {
      try {
        await wait(earlier);
      } catch (error) {
        seen(error);
      }
    });
    await someTurns();
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        ...deadlock,
        message:
          "the session waits for this callback to return, so the callback cannot wait for 'later', which the session has not answered",
      }),
    );
    expect(caller.channel.sent).toHaveLength(1);
    // The call itself goes on, and others may wait for it.
    caller.answers[0]!(7);
    expect(await earlier).toBe(7);
  });

  test('for one whose result was not asked for before', async () => {
    using caller = new Caller();
    const earlier = caller.api.later();
    await caller.pair.idle();
    await caller.waitFor(() => failureOf(earlier).then(tell));
    await someTurns();
    expect(told).toMatchObject([deadlock]);
  });

  test('for one that uses the result of another', async () => {
    using caller = new Caller();
    const earlier = caller.api.echo(caller.api.later());
    await caller.waitFor(() => failureOf(earlier).then(tell));
    await someTurns();
    expect(told).toMatchObject([deadlock]);
  });

  test('for one that is lost soon, of which everyone else hears', async () => {
    using caller = new Caller();
    const earlier = caller.api.later();
    await caller.waitFor(() => failureOf(earlier).then(tell));
    await someTurns();
    caller.pair.host.fail(new Error('gone'));
    expect(told).toMatchObject([deadlock]);
    expect(await failureOf(earlier)).toMatchObject({ message: 'gone' });
  });
});

describe('a callback that its caller waits for may', () => {
  test('wait for an earlier call whose answer is there', async () => {
    using caller = new Caller();
    const earlier = caller.api.echo(1);
    await earlier;
    await caller.waitFor(() => earlier.then(tell));
    await someTurns();
    expect(told).toEqual([1]);
  });

  test('wait for an earlier call whose answer is on its way by the other channel', async () => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    void earlier.then(() => undefined);
    await caller.pair.idle();
    await caller.waitFor(
      () => earlier.then(tell),
      () => caller.answers[0]!(7),
    );
    await someTurns();
    expect(told).toEqual([7]);
  });

  test('hear of a failure that is on its way', async () => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    void failureOf(earlier);
    await caller.pair.idle();
    await caller.waitFor(
      () => earlier.catch(tell),
      () => caller.answers[0]!(Promise.reject(new RangeError('too far'))),
    );
    await someTurns();
    expect(told).toMatchObject([{ message: 'too far' }]);
  });

  test('hear that an earlier call was given up', async () => {
    using caller = new Caller();
    const controller = new AbortController();
    const earlier = caller.api.later.with({ signal: controller.signal })() as Promise<unknown>;
    void failureOf(earlier);
    await caller.waitFor(() => earlier.catch(tell));
    caller.unread = 1;
    controller.abort();
    await caller.pair.idle();
    expect(told).toMatchObject([{ code: 'call.cancelled' }]);
  });

  test('wait for an answer that takes many turns to be read', async () => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    void earlier.then(() => undefined);
    caller.unread = 1;
    await caller.waitFor(() => earlier.then(tell));
    await someTurns(20);
    expect(told).toEqual([]);
    caller.answers[0]!(7);
    await someTurns();
    expect(told).toEqual([7]);
  });

  test('wait for an answer that came, with a part that this side is still to bring', async () => {
    using caller = new Caller();
    const { promise, resolve } = Promise.withResolvers();
    const earlier = caller.api.withResultOf(() => promise) as Promise<unknown>;
    caller.objects++;
    void earlier.then(() => undefined);
    await caller.pair.idle();
    await caller.waitFor(() => earlier.then(tell));
    await someTurns();
    expect(told).toEqual([]);
    resolve(5);
    await someTurns();
    expect(told).toEqual([{ result: 5 }]);
  });

  test('leave something to be done with an earlier result, and return', async () => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    await caller.waitFor(() => void earlier.then(tell));
    await someTurns();
    expect(told).toEqual([]);
    caller.answers[0]!(7);
    await someTurns();
    expect(told).toEqual([7]);
  });

  test('leave something to be done with an earlier result, and return soon', async () => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    await caller.waitFor(async () => {
      earlier.then(tell, tell);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    });
    await vi.waitFor(() => expect(caller.channel.sent).toHaveLength(1));
    caller.answers[0]!(7);
    await someTurns();
    expect(told).toEqual([7]);
  });

  test('be waited with by others, who are not part of it', async () => {
    using caller = new Caller();
    const earlier = caller.api.later() as Promise<unknown>;
    await caller.waitFor(() => new Promise(() => undefined));
    void earlier.then(tell);
    await someTurns();
    caller.answers[0]!(7);
    await someTurns();
    expect(told).toEqual([7]);
  });
});

describe('by way of another session', () => {
  /** Two callers, the first of which waits for work that waits for an earlier call of the second. */
  async function meet(wait: (earlier: Promise<unknown>) => unknown) {
    const first = new Caller();
    const second = new Caller(first.scope);
    const earlier = second.api.later() as Promise<unknown>;
    await first.waitFor(() => wait(earlier));
    return { first, second, earlier, [Symbol.dispose]: () => [first, second].map(dispose) };
  }
  const dispose = (caller: Caller) => caller[Symbol.dispose]();

  test('whose callback makes a call that can never be answered', async () => {
    using both = await meet(earlier => earlier);
    await both.second.waitFor(() => failureOf(both.first.api.echo(1)).then(tell));
    await someTurns();
    expect(told).toMatchObject([deadlock]);
    expect(both.second.channel.sent).toHaveLength(1);
    expect(both.first.channel.sent).toHaveLength(0);
    both.second.answers[0]!(7); // free again, it can go on
    await someTurns();
    expect(both.first.channel.sent).toHaveLength(1);
  });

  test('where the first waits for what needs an earlier call', async () => {
    using first = new Caller();
    using second = new Caller(first.scope);
    const earlier = second.api.later() as Promise<unknown>;
    void failureOf(earlier);
    await second.pair.idle(); // so that its result comes here, and is not kept there for others
    await first.waitFor(() => second.api.echo(earlier));
    await second.waitFor(() => failureOf(first.api.echo(1)).then(tell));
    await someTurns();
    expect(told).toMatchObject([deadlock]);
  });

  test('whose callback waits for an earlier call', async () => {
    using both = await meet(earlier => earlier);
    const other = both.first.api.later() as Promise<unknown>;
    await both.second.waitFor(() => failureOf(other).then(tell));
    await someTurns();
    expect(told).toMatchObject([deadlock]);
  });

  test('where the first is the last to wait', async () => {
    const { promise: isTime, resolve } = Promise.withResolvers<void>();
    using both = await meet(async earlier => {
      await isTime;
      await failureOf(earlier).then(tell);
    });
    const other = both.first.api.later() as Promise<unknown>;
    await both.second.waitFor(() => other);
    await someTurns();
    resolve();
    await someTurns();
    expect(told).toMatchObject([deadlock]);
    expect(both.first.channel.sent).toHaveLength(1);
    expect(both.second.channel.sent).toHaveLength(0);
  });

  test('whose callback was refused to wait, and does so no longer', async () => {
    const { promise: isTime, resolve } = Promise.withResolvers<void>();
    using both = await meet(async earlier => {
      earlier.then(tell, tell);
      await isTime;
      tell(await both.second.api.echo(1));
    });
    const other = both.first.api.later() as Promise<unknown>;
    await both.second.waitFor(async () => {
      tell(await failureOf(other));
      await new Promise(() => undefined);
    });
    await someTurns();
    expect(told).toMatchObject([deadlock]);
    resolve();
    await someTurns();
    expect(told).toMatchObject([deadlock, 1]);
  });

  test('to which a call was made that nobody waits for', async () => {
    using both = await meet(async earlier => {
      void both.second.api.later();
      await new Promise(() => undefined);
      return earlier;
    });
    await both.second.waitFor(() => Promise.resolve(both.first.api.echo(1)).then(tell));
    await someTurns();
    expect(told).toEqual([1]);
  });
});

describe('a callback that lasts', () => {
  test('is told of, with the calls that wait', async () => {
    using caller = new Caller();
    void failureOf(caller.api.later());
    await caller.waitFor(() => new Promise(() => undefined));
    void failureOf(caller.api.later());
    caller.pair.platform.clock.advance(9_999);
    expect(caller.heldUp).toEqual([]);
    caller.pair.platform.clock.advance(1);
    expect(caller.heldUp).toEqual([{ seconds: 10, calls: ['later', 'later'] }]);
    caller.pair.platform.clock.advance(100_000);
    expect(caller.heldUp).toHaveLength(1);
  });

  test('is nothing to tell while nothing but its own call waits', async () => {
    using caller = new Caller();
    void failureOf(caller.api.later());
    await caller.waitFor(() => new Promise(() => undefined));
    caller.pair.platform.clock.advance(10_000);
    expect(caller.heldUp).toEqual([]);
  });

  test('is nothing to tell when it has ended in time', async () => {
    using caller = new Caller();
    void failureOf(caller.api.later());
    void failureOf(caller.api.later());
    await caller.waitFor(() => someTurns(1));
    await someTurns();
    expect(caller.channel.sent).toHaveLength(1);
    caller.pair.platform.clock.advance(10_000);
    expect(caller.heldUp).toEqual([]);
  });
});

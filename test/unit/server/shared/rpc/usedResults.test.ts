import { describe, expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import type { Limits } from '../../../../../server/shared/protocol/limits.ts';
import { endOfTurn, Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

const lost = new GreenroomError('session.lost', 'gone');

/** A call of `fail` fails when the test says so, and one of `other` ends then. */
function create(limits: Partial<Limits> = {}) {
  const { promise, reject } = Promise.withResolvers<number>();
  promise.catch(() => undefined); // nobody may have called it yet
  const other = Promise.withResolvers<number>();
  const root = {
    fail: () => promise,
    other: () => other.promise,
    open: (..._args: unknown[]) => 1,
  };
  const pair = new Loopback(root, { limits });
  return Object.assign(pair, { letFail: () => reject(new Error('no')), other });
}

/** As long as `other` has not ended, a call waits that uses its result and that of `first`. */
async function createWaiting() {
  const pair = create();
  const { signal, ...stop } = abortable();
  const onItsWay = pair.api.other();
  onItsWay.then(undefined, () => undefined);
  await endOfTurn();
  const first = pair.api.fail();
  const item: { value: unknown } = { value: 1 };
  const second = pair.api.open.with({ signal })(onItsWay, first, {
    get item() {
      return item.value;
    },
  });
  await pair.idle();
  return Object.assign(pair, { first, second: failureOf(second), item, ...stop });
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}

const told = { name: 'fail', error: { message: 'no' } };

describe('a failure whose result another call uses', () => {
  test.each(['before', 'after'])('is told by that one only: used %s it fails', async when => {
    using pair = create();
    const first = pair.api.fail();
    await pair.idle();
    if (when === 'after') pair.letFail();
    await pair.idle();
    const second = pair.api.open(first);
    await endOfTurn();
    pair.letFail();
    expect(await failureOf(second)).toMatchObject({ failedCall: 'fail' });
    pair.host.fail(lost);
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  const unsendable = Symbol('no');

  test.each<[string, (waiting: Awaited<ReturnType<typeof createWaiting>>) => void]>([
    ['another result that it needs failed', ({ other }) => other.reject(new Error('no other'))],
    [
      'it was given up',
      ({ stop, other }) => {
        stop();
        other.resolve(1);
      },
    ],
    [
      'it turned out that it could not be',
      ({ item, other }) => {
        item.value = unsendable;
        other.resolve(1);
      },
    ],
  ])('is told of by itself where that one waited, and was not sent: %s', async (_why, end) => {
    using pair = await createWaiting();
    end(pair);
    await pair.second;
    pair.letFail();
    await pair.idle();
    pair.first[Symbol.dispose]();
    await pair.idle();
    expect(pair.unseen).toMatchObject([told]);
  });

  test('is told of by itself where it came while that one was written, which could not be sent', async () => {
    using pair = create();
    const { signal, stop } = abortable();
    const first = pair.api.fail.with({ signal })();
    const second = pair.api.open(first, {
      get item() {
        stop();
        return unsendable;
      },
    });
    await failureOf(second);
    first[Symbol.dispose]();
    await pair.idle();
    expect(pair.unseen).toMatchObject([{ name: 'fail', error: { code: 'call.cancelled' } }]);
  });

  test.each(['in the same turn', 'in a later one'])(
    'is told of by itself where that one could not be sent: %s',
    async when => {
      using pair = create();
      const first = pair.api.fail();
      if (when === 'in a later one') await pair.idle();
      const second = failureOf(pair.api.open(first, unsendable));
      expect(await second).toMatchObject({ code: 'value.unserializable' });
      pair.letFail();
      await pair.idle();
      first[Symbol.dispose]();
      await pair.idle();
      expect(pair.unseen).toMatchObject([told]);
    },
  );

  test('is not told where a third one uses it, whatever became of the second', async () => {
    using pair = create();
    const first = pair.api.fail();
    const third = failureOf(pair.api.open(first));
    await failureOf(pair.api.open(first, unsendable));
    pair.letFail();
    expect(await third).toMatchObject({ failedCall: 'fail' });
    first[Symbol.dispose]();
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  test('is told of by itself where that one waited for its turn as all ended', async () => {
    using pair = create({ maxPendingCalls: 2 });
    const first = pair.api.fail();
    const others = [0, 1].map(() => failureOf(pair.api.other()));
    await pair.idle();
    const second = failureOf(pair.api.open(first));
    await pair.idle();
    pair.letFail();
    await pair.idle();
    pair.host.fail(lost);
    expect(await Promise.all([...others, second])).toEqual([lost, lost, lost]);
    await pair.idle();
    expect(pair.unseen).toMatchObject([told]);
  });

  test('is told by that one only where that one had waited for its turn', async () => {
    using pair = create({ maxPendingCalls: 2 });
    const first = pair.api.fail();
    const others = [0, 1].map(() => pair.api.other());
    await pair.idle();
    const second = failureOf(pair.api.open(first));
    await pair.idle();
    pair.letFail();
    pair.other.resolve(1);
    expect(await Promise.all(others)).toEqual([1, 1]);
    expect(await second).toMatchObject({ failedCall: 'fail' });
    first[Symbol.dispose]();
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  test.each([true, false])(
    'is not told where all ends as the second still waits for another result: can be given up, %s',
    async isTraced => {
      using pair = create();
      const onItsWay = pair.api.fail();
      const failures = [failureOf(onItsWay)];
      await endOfTurn();
      const options = isTraced ? { deadlineMs: 1_000 } : {};
      failures.push(failureOf(pair.api.open(onItsWay, pair.api.fail.with(options)())));
      await pair.idle();
      pair.host.fail(lost);
      await Promise.all(failures);
      await pair.idle();
      expect(pair.unseen).toEqual([]);
    },
  );

  test.each(['from the first', 'later'])(
    'is not told where somebody awaits it, whatever became of the second: %s',
    async when => {
      using pair = create();
      const first = pair.api.fail();
      if (when === 'later') await pair.idle();
      const failure = failureOf(first);
      await Promise.resolve(); // by now it is awaited
      await failureOf(pair.api.open(first, unsendable));
      pair.letFail();
      expect(await failure).toMatchObject({ message: 'no' });
      await pair.idle();
      expect(pair.unseen).toEqual([]);
    },
  );
});

test.each([true, false])(
  'a result that is given back while a call is written has gone after it: one that it uses, %s',
  async isUsed => {
    using pair = create();
    const first = pair.api.other();
    await pair.idle();
    const second = pair.api.open(isUsed && first, {
      get item() {
        first[Symbol.dispose]();
        return 1;
      },
    });
    pair.other.resolve(1);
    expect(await second).toBe(1);
    expect(await pair.idle()).toEqual(nothingLive);
  },
);

test('a remote that is released while a call is written has gone after it', async () => {
  class Thing {
    readonly #secret = 1;
    has(): boolean {
      return #secret in this;
    }
  }
  using pair = new Loopback({ make: () => new Thing(), open: (..._args: unknown[]) => 1 });
  const thing = await pair.api.make();
  const call = pair.api.open({
    get item() {
      thing[Symbol.dispose]();
      return 1;
    },
  });
  expect(await call).toBe(1);
  expect(await pair.idle()).toEqual(nothingLive);
});

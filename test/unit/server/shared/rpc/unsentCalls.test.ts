import process from 'node:process';
import { describe, expect, test, vi } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { endOfTurn, Loopback, noneLive, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

const lost = new GreenroomError('session.lost', 'gone');

/** Of the calls that it is sent, one at a time is under way. */
function create() {
  const root = {
    hang: () => new Promise(() => undefined),
    open: (..._args: unknown[]) => 1,
    fail: (): number => {
      throw new Error('no');
    },
  };
  return new Loopback(root, { limits: { maxPendingCalls: 1 } });
}

/** Makes a call and gives it up in the same turn. */
function giveUp(api: ReturnType<typeof create>['api']) {
  const controller = new AbortController();
  const call = api.open.with({ signal: controller.signal })();
  controller.abort();
  return call;
}

describe('the failure of a call that was never sent, and that nobody looks at', () => {
  test.each(['in a frame that has not left', 'in one that was refused', 'behind another call'])(
    'is told once when the connection ends: %s',
    async where => {
      using pair = create();
      const first = where === 'behind another call' ? failureOf(pair.api.hang()) : undefined;
      if (where === 'in one that was refused') pair.hostPipe.send = () => false;
      const call = pair.api.open();
      if (where !== 'in a frame that has not left') await endOfTurn();
      pair.host.fail(lost);
      await endOfTurn();
      expect(pair.unseen).toEqual([{ name: 'open', error: lost }]);
      expect(pair.live.host).toEqual(noneLive);
      expect(await failureOf(call)).toBe(lost); // it can be reached until here
      await first;
    },
  );

  test('is told whatever it has failed with', async () => {
    using pair = create();
    const argument = {
      get nothing() {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- others do
        throw undefined;
      },
    };
    using _call = pair.api.open(argument);
    pair.host.fail(lost);
    await endOfTurn();
    expect(pair.unseen).toEqual([{ name: 'open', error: undefined }]);
  });

  test('is told also when it waits for the result of another', async () => {
    using pair = create();
    const first = pair.api.hang();
    const failure = failureOf(first);
    await endOfTurn();
    const call = pair.api.open(first);
    await endOfTurn();
    pair.host.fail(lost);
    await failure;
    await endOfTurn();
    expect(pair.unseen).toMatchObject([{ name: 'open', error: { code: 'session.lost' } }]);
    await failureOf(call);
    expect(pair.unseen).toHaveLength(1);
  });

  type Api = ReturnType<typeof create>['api'];
  const made: readonly (readonly [string, (api: Api) => unknown])[] = [
    ['was to be sent', api => api.open()],
    ['could not be sent', api => api.open(Symbol('no'))],
    ['was given up', giveUp],
  ];

  test.each(made)(
    'is not told where somebody awaits it as the connection ends: it %s',
    async (_what, make) => {
      using pair = create();
      const first = failureOf(pair.api.hang());
      const awaiting = failureOf((async () => void (await make(pair.api)))());
      pair.host.fail(lost);
      pair.host.dispose();
      await Promise.all([first, awaiting]);
      await pair.idle();
      expect(pair.unseen).toEqual([]);
    },
  );

  test('is not told where it failed because another one did, and is awaited later', async () => {
    using pair = create();
    const first = pair.api.fail();
    const failure = failureOf(first);
    await endOfTurn();
    const call = pair.api.open(first);
    await failure;
    await pair.idle();
    expect(await failureOf(call)).toMatchObject({ failedCall: 'fail' });
    expect(pair.unseen).toEqual([]);
  });

  const gaveUp = { name: 'open', error: { code: 'call.cancelled' } };

  test.each([
    ['in the turn of the call', () => undefined],
    ['while it waited', () => endOfTurn()],
    ['after it was refused', () => endOfTurn()],
  ])('is told once when it was given up %s', async (when, moment) => {
    using pair = create();
    const first = when === 'while it waited' ? failureOf(pair.api.hang()) : undefined;
    if (when === 'after it was refused') pair.hostPipe.send = () => false;
    const controller = new AbortController();
    const call = pair.api.open.with({ signal: controller.signal })();
    await moment();
    controller.abort();
    await pair.idle();
    expect(pair.unseen).toEqual([]);
    call[Symbol.dispose]();
    await pair.idle();
    expect(pair.unseen).toMatchObject([gaveUp]);
    pair.host.fail(lost);
    await first;
    await pair.idle();
    expect(pair.unseen).toHaveLength(1);
    expect(pair.live.host).toEqual(noneLive);
  });

  test('is told once when it was given up and nobody can reach it', async () => {
    using pair = create();
    (() => void giveUp(pair.api))();
    await pair.collected();
    await expect.poll(() => pair.unseen).toMatchObject([gaveUp]);
    pair.host.fail(lost);
    await pair.collected();
    expect(pair.unseen).toHaveLength(1);
  });

  test('is told once when it was given up and given back while it waited, and leaves then', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const root = { wait: () => promise, open: () => 1 };
    using pair = new Loopback(root, { limits: { maxPendingCalls: 1 } });
    const first = pair.api.wait().then(value => value);
    const controller = new AbortController();
    const call = pair.api.open.with({ signal: controller.signal })();
    await endOfTurn();
    controller.abort();
    call[Symbol.dispose]();
    resolve();
    await first;
    expect(await pair.idle()).toEqual(nothingLive);
    pair.host.fail(lost);
    await pair.idle();
    expect(pair.unseen).toMatchObject([gaveUp]);
  });

  test.each(['before its frame has left', 'after that'])(
    'is not told where somebody awaits it, %s',
    async when => {
      using pair = create();
      const call = giveUp(pair.api);
      if (when === 'after that') await pair.idle();
      expect(await failureOf(call)).toMatchObject(gaveUp.error);
      await pair.idle();
      pair.host.fail(lost);
      await pair.idle();
      expect(pair.unseen).toEqual([]);
    },
  );
});

describe('at the end of a connection', () => {
  test('nothing waits for the end of the turn where nothing has failed', async () => {
    using pair = create();
    const calls = [pair.api.open(), pair.api.open()];
    await pair.idle();
    const endOfTurn = vi.spyOn(pair.platform, 'endOfTurn');
    pair.host.fail(lost);
    expect(endOfTurn).not.toHaveBeenCalled();
    expect(calls).toHaveLength(2); // they can be reached until here
  });

  test('failures can be told at once, and are not told again', async () => {
    using pair = create();
    const call = pair.api.hang();
    await pair.idle();
    pair.host.fail(lost);
    pair.host.tellUnseen();
    expect(pair.unseen).toEqual([{ name: 'hang', error: lost }]);
    await pair.idle();
    expect(pair.unseen).toHaveLength(1);
    await failureOf(call);
  });

  test('the first failure of a call is its only one: it is given up while it is written again', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    using pair = new Loopback({ slow: () => promise, open: (..._args: unknown[]) => 1 });
    const first = pair.api.slow();
    const answered = first.then(value => value);
    await endOfTurn();
    const controller = new AbortController();
    let reads = 0;
    const argument = {
      get secondReadGivesUp() {
        if (++reads === 2) controller.abort();
        return reads;
      },
    };
    const call = pair.api.open.with({ signal: controller.signal })(first, argument);
    resolve(1);
    await answered;
    await pair.idle();
    expect(reads).toBe(2);
    expect(await failureOf(call)).toMatchObject({ code: 'call.cancelled' });
    pair.host.fail(lost);
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  test('nothing is told that is awaited in the same turn, though a listener ends it again', async () => {
    using pair = new Loopback({ hang: () => new Promise(() => undefined) });
    const { signal } = new AbortController();
    const traced = pair.api.hang.with({ signal, onTrace: () => pair.host.dispose() })();
    const call = pair.api.hang();
    await pair.idle();
    pair.host.fail(lost);
    const failures = [failureOf(traced), failureOf(call)];
    await pair.idle();
    expect(await Promise.all(failures)).toEqual([lost, lost]);
    expect(pair.unseen).toEqual([]);
  });

  test('the failure is told of a call that nobody needs any more', async () => {
    using pair = new Loopback({ hang: () => new Promise(() => undefined) });
    const call = pair.api.hang();
    await pair.idle();
    call[Symbol.dispose]();
    pair.host.fail(lost);
    await endOfTurn();
    expect(pair.unseen).toEqual([{ name: 'hang', error: lost }]);
  });

  test.each(['after it', 'by an argument of which it ends'])(
    'the failure of a call is told that is made %s',
    async when => {
      using pair = create();
      const argument = {
        get end() {
          pair.host.fail(lost);
          return 1;
        },
      };
      if (when === 'after it') pair.host.fail(lost);
      const call = pair.api.open(argument);
      expect(pair.unseen).toEqual([]);
      await endOfTurn();
      expect(pair.unseen).toMatchObject([{ name: 'open', error: { code: 'session.lost' } }]);
      await failureOf(call); // it can be reached until here
      expect(pair.unseen).toHaveLength(1);
    },
  );

  test('calls that are made after it are told each in its own turn', async () => {
    using pair = create();
    pair.host.fail(lost);
    const calls = [pair.api.open()];
    await pair.idle();
    calls.push(pair.api.open());
    await pair.idle();
    expect(pair.unseen).toHaveLength(2);
    await Promise.all(calls.map(failureOf));
  });

  test('what is awaited is not told of a call that is made after it', async () => {
    using pair = create();
    const before = pair.api.hang();
    await pair.idle();
    const failure = Promise.withResolvers<unknown>();
    // By then, what failed before is about to be told.
    process.nextTick(() => {
      const call = pair.api.open();
      process.nextTick(() => failure.resolve(failureOf(call)));
    });
    pair.host.fail(lost);
    expect(await failure.promise).toBe(lost);
    await pair.idle();
    expect(pair.unseen).toMatchObject([{ name: 'hang' }]);
    await failureOf(before);
  });
});

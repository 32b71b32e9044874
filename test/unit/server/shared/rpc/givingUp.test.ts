import { describe, expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import type { Limits } from '../../../../../server/shared/protocol/limits.ts';
import { Op } from '../../../../../server/shared/protocol/wire.ts';
import type { CallTrace } from '../../../../../server/shared/rpc/callOptions.ts';
import { ServedObject } from '../../../../../server/shared/rpc/members.ts';
import { endOfTurn, Loopback, noneLive, nothingLive } from '../../../../support/loopback.ts';
import { failureOf, type Remote } from '../../../../support/remote.ts';

interface Api {
  echo(value?: unknown): unknown;
  polite(signal?: AbortSignal): string;
  deaf(): string;
  work(name: string): void;
}

/** A worker whose methods are told about cancellations, and one that goes on all the same. */
function create(limits: Partial<Limits> = {}) {
  const started: unknown[] = [];
  const finish: (() => void)[] = [];
  const pair = new Loopback(
    new ServedObject({
      echo: ([value]) => value,
      polite: (_args, { signal }) =>
        new Promise(resolve => signal.addEventListener('abort', () => resolve('stopped'))),
      deaf: () => new Promise<string>(resolve => finish.push(() => resolve('finished'))),
      work: ([name]) => void started.push(name),
    }),
    { limits },
  );
  return Object.assign(pair, { started, finish, remote: pair.host.root as Remote<Api> });
}

describe('a signal', () => {
  test('that fires while the arguments are read sends nothing', async () => {
    using pair = create();
    const controller = new AbortController();
    const call = pair.remote.echo.with({ signal: controller.signal })({
      get late() {
        controller.abort();
        return 1;
      },
    });
    expect(await failureOf(call)).toMatchObject({ code: 'call.cancelled' });
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.hostPipe.sent).toEqual([]);
  });

  test('that fires while the arguments of another call are read is told after that call', async () => {
    using pair = create();
    const controller = new AbortController();
    const polite = failureOf(pair.remote.polite.with({ signal: controller.signal })());
    await pair.idle();
    const other = pair.remote.echo({
      get late() {
        controller.abort();
        return 1;
      },
    });
    expect(await other).toEqual({ late: 1 });
    expect(await polite).toMatchObject({ code: 'call.cancelled' });
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('fails its call with one reason, whoever asks when', async () => {
    const { promise, reject } = Promise.withResolvers();
    using pair = new Loopback({ slow: () => promise, echo: (value: unknown) => value });
    const controller = new AbortController();
    const call = pair.api.slow.with({ signal: controller.signal })();
    await pair.idle();
    const awaited = failureOf(call);
    await pair.idle();
    controller.abort();
    await pair.idle();
    reject(new TypeError('its own'));
    await pair.idle();
    expect(await awaited).toMatchObject({ code: 'call.cancelled' });
    expect(await failureOf(pair.api.echo(call))).toMatchObject({ code: 'call.cancelled' });
  });

  test('that fired before sends nothing', async () => {
    using pair = create();
    const signal = AbortSignal.abort();
    expect(await failureOf(pair.remote.echo.with({ signal })())).toMatchObject({
      code: 'call.cancelled',
    });
    expect(pair.hostPipe.sent).toEqual([]);
  });

  test('reaches the method, and the call fails as cancelled whatever it answers', async () => {
    using pair = create();
    const controller = new AbortController();
    const call = failureOf(pair.remote.polite.with({ signal: controller.signal })());
    await pair.idle();
    controller.abort();
    expect(await call).toMatchObject({ code: 'call.cancelled' });
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('that fires with a reason has it as the cause of the failure, and nobody else hears of it', async () => {
    using pair = create();
    const reason = new Error('the editor was closed');
    const controller = new AbortController();
    const { signal } = controller;
    const polite = failureOf(pair.remote.polite.with({ signal })());
    const argument = failureOf(pair.remote.polite(signal));
    await pair.idle();
    controller.abort(reason);
    const late = failureOf(pair.remote.echo.with({ signal })());
    const lateArgument = failureOf(pair.remote.echo(signal));
    for (const failure of [polite, argument, late, lateArgument]) {
      expect(await failure).toMatchObject({ code: 'call.cancelled', cause: reason });
    }
    expect(Buffer.concat(pair.hostPipe.sent).includes('editor')).toBe(false);
  });

  test('that fires while a call waits behind others keeps it from starting', async () => {
    using pair = create();
    const controller = new AbortController();
    const { signal } = controller;
    const first = pair.remote.work
      .with({ deadlineMs: 1_000 })('first')
      .then(() => undefined);
    const second = failureOf(pair.remote.work.with({ signal })('second'));
    controller.abort();
    expect(await second).toMatchObject({ code: 'call.cancelled' });
    await first;
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.started).toEqual(['first']);
  });

  test('that fires while a call waits for a result on its way keeps it from being sent', async () => {
    using pair = create();
    const controller = new AbortController();
    const { signal } = controller;
    const result = pair.remote.deaf();
    const arrived = result.then(value => value);
    await pair.idle();
    const call = failureOf(pair.remote.work.with({ signal })(result));
    controller.abort();
    expect(await call).toMatchObject({ code: 'call.cancelled' });
    pair.finish[0]!();
    await arrived;
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.started).toEqual([]);
  });

  test('does nothing once the call is answered', async () => {
    using pair = create();
    const controller = new AbortController();
    const { signal } = controller;
    expect(await pair.remote.echo.with({ signal })(1)).toBe(1);
    const frames = pair.hostPipe.sent.length;
    controller.abort();
    await pair.idle();
    expect(pair.hostPipe.sent).toHaveLength(frames);
  });
});

describe('a deadline', () => {
  test('fails the call once the method has stopped', async () => {
    using pair = create();
    const call = failureOf(pair.remote.polite.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.platform.clock.advance(49);
    await pair.idle();
    expect(pair.live.worker.served).toBe(1);
    pair.platform.clock.advance(1);
    expect(await call).toMatchObject({
      code: 'call.deadline',
      message: expect.stringContaining('50 ms') as string,
    });
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('of no time at all is over before the call is made', async () => {
    using pair = create();
    const call = failureOf(pair.remote.polite.with({ deadlineMs: 0 })());
    expect(await call).toMatchObject({ code: 'call.deadline' });
    expect(pair.hostPipe.sent).toEqual([]);
  });

  test('counts from the call, also when it waits for a result on its way', async () => {
    using pair = create();
    const result = pair.remote.deaf();
    const arrived = result.then(value => value);
    await pair.idle();
    const call = failureOf(pair.remote.work.with({ deadlineMs: 50 })(result));
    pair.platform.clock.advance(50);
    expect(await call).toMatchObject({ code: 'call.deadline' });
    pair.finish[0]!();
    await arrived;
    expect(pair.started).toEqual([]);
  });

  test('of a call that ended unseen harms nobody', async () => {
    using pair = create();
    const result = pair.remote.echo.with({ deadlineMs: 50 })('kept');
    await pair.idle();
    expect(pair.platform.clock.pending).toBe(0);
    pair.platform.clock.advance(1_000);
    expect(await result).toBe('kept');
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.stuck).toEqual([]);
  });
});

/** Calls a method that does not listen, and lets its deadline pass. Gives the times that are told. */
async function giveUpOnDeaf(pair: ReturnType<typeof create>): Promise<readonly CallTrace[]> {
  const traces: CallTrace[] = [];
  const onTrace = (trace: CallTrace) => traces.push(trace);
  const call = failureOf(pair.remote.deaf.with({ deadlineMs: 50, onTrace })());
  await pair.idle();
  pair.platform.clock.advance(50);
  expect(await call).toMatchObject({ code: 'call.deadline' });
  return traces;
}

describe('a method that goes on after it was told', () => {
  test('is reported as ignoring once its grace is over, and its caller need not wait', async () => {
    using pair = create();
    const traces = await giveUpOnDeaf(pair);
    expect(traces).toMatchObject([{ served: { startedMs: 1_000, finishedMs: 1_050 } }]);
    pair.platform.clock.advance(99);
    expect(pair.stuck).toEqual([]);
    expect(pair.host.awaitsCalls).toBe(true);
    pair.platform.clock.advance(1);
    expect(pair.stuck).toEqual(['ignoring']);
    expect(pair.host.awaitsCalls).toBe(false);
  });

  test('is reported also when it keeps this process so busy that every timer is late', async () => {
    using pair = create();
    await giveUpOnDeaf(pair);
    for (let waits = 0; waits < 2; waits++) {
      expect(pair.stuck).toEqual([]);
      pair.platform.clock.sleep(125);
    }
    expect(pair.stuck).toEqual(['ignoring']);
    expect(pair.host.awaitsCalls).toBe(false);
    pair.platform.clock.sleep(1_000);
    expect(pair.stuck).toHaveLength(1);
  });

  test('may answer after all: that is no violation, and its times are told once', async () => {
    using pair = create();
    const traces = await giveUpOnDeaf(pair);
    pair.finish[0]!();
    expect(await pair.idle()).toEqual(nothingLive);
    expect(await pair.remote.echo(1)).toBe(1);
    pair.platform.clock.advance(1_000);
    expect(pair.stuck).toEqual([]);
    expect(traces).toHaveLength(1);
  });
});

describe('a call that was given up', () => {
  const create = () => {
    const gates: ((value: unknown) => void)[] = [];
    const pair = new Loopback({
      missing: undefined as unknown as () => never,
      echo: (value: unknown) => value,
      slow: () => new Promise(resolve => gates.push(resolve)),
      polite: (signal: AbortSignal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new TypeError('its own')));
        }),
    });
    return Object.assign(pair, { gates });
  };

  /** Nobody waits for the call, and nobody can reach it when this has ended. */
  const abandonOne = async (pair: ReturnType<typeof create>, reason?: unknown) => {
    const controller = new AbortController();
    const { signal } = controller;
    const box = { call: pair.api.polite.with({ signal })(signal) };
    await pair.idle();
    const stop = () => {
      void box.call;
      controller.abort(reason);
    };
    stop();
    await pair.idle();
  };

  test.each([
    ['no reason', undefined],
    ['a reason', new Error('why', { cause: new Error('deeper') })],
    ['a reason that is a text', 'why'],
    [
      'a reason that must not be looked at',
      new Proxy(new Error('x'), {
        get() {
          throw new Error('do not look');
        },
      }),
    ],
  ])(
    'with %s is given back when nobody can reach it, and its failure told',
    async (_what, reason) => {
      using pair = create();
      await abandonOne(pair, reason);
      expect(await pair.collected()).toEqual(nothingLive);
      expect(pair.unseen).toMatchObject([{ name: 'polite', error: { code: 'call.cancelled' } }]);
    },
  );

  test('and has told another one is given back, whatever it was given up with', async () => {
    using pair = create();
    await (async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const call = pair.api.polite.with({ signal })(signal);
      const use = failureOf(pair.api.echo(call));
      await pair.idle();
      controller.abort({ call });
      await use;
    })();
    expect(await pair.collected()).toEqual(nothingLive);
    expect(pair.unseen).toEqual([]);
  });

  test('after it was given back is told of, though it succeeds after all', async () => {
    using pair = create();
    const controller = new AbortController();
    const call = pair.api.slow.with({ signal: controller.signal })();
    await pair.idle();
    call[Symbol.dispose]();
    controller.abort();
    pair.gates[0]!('after all');
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.unseen).toMatchObject([{ name: 'slow', error: { code: 'call.cancelled' } }]);
  });

  test('stays so when its result is asked for and comes after all', async () => {
    using pair = create();
    const controller = new AbortController();
    const call = pair.api.slow.with({ signal: controller.signal })();
    await pair.idle();
    controller.abort();
    const failure = await failureOf(call);
    pair.gates[0]!('after all');
    await pair.idle();
    expect(failure).toMatchObject({ code: 'call.cancelled' });
    expect(await failureOf(pair.api.echo(call))).toMatchObject({ code: 'call.cancelled' });
    using stays = call;
    expect(await failureOf(stays)).toBe(failure);
  });

  test('before its frame has left fails at once whoever awaits it afterwards', async () => {
    using pair = create();
    pair.workerPipe.hold();
    const controller = new AbortController();
    const call = pair.api.polite.with({ signal: controller.signal })(controller.signal);
    const cause = new Error('closed');
    controller.abort(cause);
    await endOfTurn();
    expect(await failureOf(call)).toMatchObject({ code: 'call.cancelled', cause });
    pair.workerPipe.letGo();
    expect(await pair.idle()).toEqual(nothingLive);
  });

  type Api = ReturnType<typeof create>['api'];
  const uses: readonly (readonly [string, (api: Api, call: object) => PromiseLike<unknown>])[] = [
    ['as an argument', (api, call) => api.echo(call)],
    ['as a part of one', (api, call) => api.echo({ call })],
    ['as the target', (_api, call) => (call as Api).echo(1)],
    ['through another call', (api, call) => api.echo(api.echo(call))],
    ['through a member', (api, call) => api.echo((call as { member: unknown }).member)],
  ];
  const moments: readonly (readonly [string, (pair: Loopback<object>) => unknown])[] = [
    ['in the turn of the call', () => undefined],
    ['when the call has been sent', endOfTurn],
    ['when the call runs', pair => pair.idle()],
  ];
  const told = { message: "'polite' failed: 'polite' was cancelled", failedCall: 'polite' };

  describe.each(uses)('has another that uses its result %s fail with the same', (_how, use) => {
    test.each(moments)('given up %s', async (_when, moment) => {
      using pair = create();
      const cause = new Error('closed');
      const controller = new AbortController();
      const { signal } = controller;
      const call = pair.api.polite.with({ signal })(signal);
      const failure = failureOf(use(pair.api, call));
      await moment(pair);
      controller.abort(cause);
      expect(await failure).toMatchObject({ code: 'call.cancelled', cause, ...told });
      await pair.idle();
      const late = failureOf(use(pair.api, call));
      expect(await late).toMatchObject({ code: 'call.cancelled', cause, ...told });
    });

    test.each(moments)(
      'made while its result is on the way, given up %s',
      async (_when, moment) => {
        using pair = create();
        const controller = new AbortController();
        const { signal } = controller;
        const call = pair.api.polite.with({ signal })(signal);
        const awaited = failureOf(call);
        await moment(pair);
        const failure = failureOf(use(pair.api, call));
        await moment(pair);
        controller.abort();
        expect(await failure).toMatchObject({ code: 'call.cancelled', ...told });
        await awaited;
      },
    );
  });

  test('past its deadline has another fail with that', async () => {
    using pair = create();
    const { signal } = new AbortController();
    const call = pair.api.polite.with({ deadlineMs: 50 })(signal);
    const use = failureOf(pair.api.echo(call));
    await pair.idle();
    pair.platform.clock.advance(50);
    expect(await use).toMatchObject({ code: 'call.deadline', failedCall: 'polite' });
  });

  test('and ends well after all brings its result to those that were to use it', async () => {
    using pair = create();
    const controller = new AbortController();
    const call = pair.api.slow.with({ signal: controller.signal })();
    const use = pair.api.echo(call).then(value => value);
    await pair.idle();
    controller.abort();
    pair.gates[0]!(1);
    expect(await use).toBe(1);
  });

  test('is not blamed for what fails by itself', async () => {
    using pair = create();
    const controller = new AbortController();
    const slow = pair.api.slow.with({ signal: controller.signal })();
    const use = failureOf((slow as unknown as { missing(): PromiseLike<unknown> }).missing());
    await pair.idle();
    controller.abort();
    pair.gates[0]!({});
    expect(await use).toMatchObject({ code: 'call.unknownMethod' });
  });

  test('is not blamed for what fails because of another one', async () => {
    using pair = create();
    const controller = new AbortController();
    const { signal } = controller;
    const call = pair.api.polite.with({ signal })(signal);
    const use = failureOf(pair.api.echo([pair.api.missing(), call]));
    await pair.idle();
    controller.abort();
    expect(await use).toMatchObject({ code: 'call.unknownMethod', failedCall: 'missing' });
  });

  test('while its end is read is not cancelled once it has come', async () => {
    using pair = new Loopback({
      ask: (callback: () => PromiseLike<unknown>) => {
        callback().then(undefined, () => undefined);
        return 1;
      },
    });
    const controller = new AbortController();
    const callback = () => ({
      get late() {
        controller.abort();
        return 1;
      },
    });
    const call = pair.api.ask.with({ signal: controller.signal })(callback);
    expect(await failureOf(call)).toMatchObject({ code: 'call.cancelled' });
    await pair.idle();
    const said = pair.hostPipe.sent.flatMap(frame => [...frame.subarray(-2)]);
    expect(said).not.toEqual(expect.arrayContaining([Op.cancel]));
  });
});

test('what was asked for to write a call is given back when the call cannot be written', async () => {
  using pair = new Loopback({ echo: (...values: unknown[]) => values, part: { of: 'it' } });
  let looks = 0;
  const call = pair.api.echo(pair.api.part.of, {
    get broken() {
      if (looks++ > 0) throw new Error('no');
      return 1;
    },
  });
  expect(await failureOf(call)).toMatchObject({ message: 'no' });
  expect(looks).toBe(2);
  expect(await pair.idle()).toEqual(nothingLive);
});

describe('a process that does not even acknowledge', () => {
  test('is reported as blocked once its grace is over', async () => {
    using pair = create();
    const call = failureOf(pair.remote.deaf.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.hostPipe.hold();
    pair.platform.clock.advance(50);
    pair.platform.clock.advance(99);
    expect(pair.stuck).toEqual([]);
    pair.platform.clock.advance(1);
    expect(pair.stuck).toEqual(['blocked']);
    pair.host.fail(new GreenroomError('session.lost', 'replaced'));
    expect(await call).toMatchObject({ code: 'call.deadline' });
  });

  test('is not blamed for what held up this process, which could not hear it', async () => {
    using pair = create();
    const polite = failureOf(pair.remote.polite.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.platform.clock.advance(50);
    pair.platform.clock.sleep(2_500);
    expect(pair.stuck).toEqual([]);
    await pair.idle();
    pair.platform.clock.advance(1_000);
    expect(pair.stuck).toEqual([]);
    expect(await polite).toMatchObject({ code: 'call.deadline' });
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('is reported all the same when it is still silent a grace later', async () => {
    using pair = create();
    const call = failureOf(pair.remote.deaf.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.hostPipe.hold();
    pair.platform.clock.advance(50);
    pair.platform.clock.sleep(2_500);
    expect(pair.stuck).toEqual([]);
    pair.platform.clock.advance(100);
    expect(pair.stuck).toEqual(['blocked']);
    pair.host.fail(new GreenroomError('session.lost', 'replaced'));
    await call;
  });

  test('is watched from the start when the cancellation crosses it', async () => {
    using pair = create();
    const call = failureOf(pair.remote.deaf.with({ deadlineMs: 50 })());
    await new Promise(setImmediate); // sent, and not started
    pair.platform.clock.advance(50);
    expect(await call).toMatchObject({ code: 'call.deadline' });
    pair.platform.clock.advance(500);
    expect(pair.stuck).toEqual([]);
    await pair.idle();
    expect(pair.live.host.calls).toBe(0); // it was cancelled before it started
  });

  test('is not hidden by another call that hangs', async () => {
    using pair = create();
    const first = failureOf(pair.remote.deaf.with({ deadlineMs: 1e6 })());
    const second = failureOf(pair.remote.deaf.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.hostPipe.hold();
    pair.platform.clock.advance(150);
    expect(pair.stuck).toEqual(['blocked']);
    pair.host.dispose();
    expect(await second).toMatchObject({ code: 'call.deadline' });
    expect(await first).toMatchObject({ code: 'session.closed' });
  });
});

describe('when the connection is failed', () => {
  test('every call ends once: with that error if it had started, as not started otherwise', async () => {
    using pair = create();
    const ends: unknown[] = [];
    const lost = new GreenroomError('session.lost', 'the process ended');
    const options = { deadlineMs: 1_000 };
    const started = [1, 2].map(() => failureOf(pair.remote.deaf.with(options)()));
    await pair.idle();
    const waiting = failureOf(pair.remote.deaf.with(options)());
    const untraced = failureOf(pair.remote.deaf());
    for (const call of [...started, waiting, untraced]) void call.then(end => ends.push(end));
    pair.hostPipe.end({});
    pair.host.fail(lost);
    expect(await Promise.all(started)).toEqual([lost, lost]);
    expect(await waiting).toMatchObject({ code: 'call.notStarted', cause: lost });
    expect(await untraced).toBe(lost);
    expect(await failureOf(pair.remote.echo())).toBe(lost);
    await pair.idle();
    expect(ends).toHaveLength(4);
    expect(pair.live.host).toEqual(noneLive);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test.each([
    ['it has not ended', undefined],
    ['its end was cut off', { error: new Error('write EPIPE'), isCutOff: true }],
    ['it broke the protocol', 'nonsense'],
  ] as const)(
    'a call that was sent may have started when %s, and one that was not has not',
    async (_how, end) => {
      using pair = create({ maxPendingCalls: 1 });
      const lost = new GreenroomError('session.lost', 'the process ended');
      const options = { deadlineMs: 1_000 };
      const [sent, unsent] = [1, 2].map(() => failureOf(pair.remote.deaf.with(options)()));
      await endOfTurn();
      if (end === 'nonsense') pair.hostPipe.deliver(Buffer.from([0xff]));
      else if (end) pair.hostPipe.end(end);
      pair.host.fail(lost);
      expect(await sent).toBe(lost);
      expect(await unsent).toMatchObject({ code: 'call.notStarted', cause: lost });
    },
  );

  test('a call whose frame had to wait, and has left then, may have started', async () => {
    using pair = create();
    pair.hostPipe.hold();
    const call = failureOf(pair.remote.work.with({ deadlineMs: 1_000 })('it'));
    await endOfTurn();
    pair.workerPipe.other = undefined; // the word that it started is lost
    pair.hostPipe.letGo();
    await pair.idle();
    const lost = new GreenroomError('session.lost', 'gone');
    pair.host.fail(lost);
    expect(pair.started).toEqual(['it']);
    expect(await call).toBe(lost);
  });

  test.each([
    ['is refused', () => false as const],
    ['cannot leave after all', () => Promise.resolve(false)],
  ])('none starts where the word of that %s', async (_how, send) => {
    using pair = create();
    pair.workerPipe.send = send;
    const call = failureOf(pair.remote.work.with({ deadlineMs: 1_000 })('it'));
    await pair.idle();
    pair.hostPipe.end({});
    pair.host.fail(new GreenroomError('session.lost', 'gone'));
    expect(await call).toMatchObject({ code: 'call.notStarted' });
    expect(pair.started).toEqual([]);
  });

  test('those that are made after it broke have not started, however long they are', async () => {
    using pair = create();
    pair.hostPipe.deliver(Buffer.from([0xff]));
    const long = 'x'.repeat(150_000);
    const calls = Array.from({ length: 3 }, () =>
      failureOf(pair.remote.echo.with({ deadlineMs: 1_000 })(long)),
    );
    await endOfTurn();
    pair.host.fail(new GreenroomError('session.lost', 'gone'));
    for (const call of calls) expect(await call).toMatchObject({ code: 'call.notStarted' });
  });

  test('those of a frame that was refused have not started, and those of the one before may have', async () => {
    using pair = create();
    const lost = new GreenroomError('session.lost', 'the process ended');
    const call = () => failureOf(pair.remote.deaf.with({ deadlineMs: 1_000 })());
    const sent = call();
    await endOfTurn();
    pair.hostPipe.send = () => false;
    const refused = [call(), call()];
    await endOfTurn();
    const inTurn = call();
    pair.hostPipe.end({ error: new Error('write EPIPE'), isCutOff: true });
    pair.host.fail(lost);
    expect(await sent).toBe(lost);
    for (const one of [...refused, inTurn]) {
      expect(await one).toMatchObject({ code: 'call.notStarted', cause: lost });
    }
    expect(pair.live.host).toEqual(noneLive);
  });

  test('calls that were given up keep their own reason', async () => {
    using pair = create();
    const call = failureOf(pair.remote.deaf.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.hostPipe.hold();
    pair.platform.clock.advance(50);
    pair.host.fail(new GreenroomError('session.lost', 'gone'));
    expect(await call).toMatchObject({ code: 'call.deadline' });
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('a call that is just being sent fails with it, and takes nothing along', async () => {
    using pair = new Loopback(
      { take: (..._values: unknown[]) => 1 },
      { limits: { maxFrameBytes: 2_000 } },
    );
    const lost = new GreenroomError('session.lost', 'nobody reads');
    pair.host.onEnd(() => pair.host.fail(lost));
    pair.hostPipe.send = () => void pair.hostPipe.end({ error: lost });
    const half = 'x'.repeat(1_500);
    const calls = [0, 1].map(() => failureOf(pair.api.take(half, () => 1)));
    expect(await Promise.all(calls)).toEqual([lost, lost]);
    expect(pair.live.host).toEqual(noneLive);
  });

  test('the methods that run are told that nobody waits any more', async () => {
    using pair = create();
    const call = failureOf(pair.remote.polite.with({ deadlineMs: 1_000 })());
    await pair.idle();
    expect(pair.live.worker.served).toBe(1);
    pair.worker.dispose();
    expect(pair.live.worker).toEqual(noneLive);
    await pair.idle();
    expect(pair.ends.host).toEqual([{}]);
    pair.host.dispose();
    await call;
  });
});

test('where two calls share a name, the failure of one is not taken for the end of the other', async () => {
  const finish = Promise.withResolvers<number>();
  using pair = new Loopback({
    job: (kind: string) => {
      if (kind === 'bad') throw new TypeError('really broken');
      return finish.promise;
    },
    wrap: (value: number) => value,
    both: (...both: readonly number[]) => both,
  });
  const controller = new AbortController();
  const slow = pair.api.job.with({ signal: controller.signal })('slow');
  const both = failureOf(pair.api.both(pair.api.job('bad'), pair.api.wrap(slow)));
  const given = failureOf(slow);
  await pair.idle();
  controller.abort();
  expect(await given).toMatchObject({ code: 'call.cancelled' });
  finish.resolve(1);
  expect(await both).toMatchObject({ remoteName: 'TypeError', failedCall: 'job' });
});

test('what used several calls of one name is told the reason for which they were given up', async () => {
  const finish = Promise.withResolvers<number>();
  using pair = new Loopback({
    job: (_kind: string) => finish.promise,
    both: (...both: readonly number[]) => both,
  });
  const controller = new AbortController();
  const { signal } = controller;
  const jobs = ['a', 'b'].map(kind => pair.api.job.with({ signal })(kind));
  const both = failureOf(pair.api.both(...jobs));
  const given = jobs.map(failureOf);
  await pair.idle();
  controller.abort();
  await Promise.all(given);
  finish.reject(new Error('ended'));
  expect(await both).toMatchObject({ code: 'call.cancelled', failedCall: 'job' });
});

test('what fails on its way home is not taken for a call that was given up', async () => {
  const finish = Promise.withResolvers<number>();
  using pair = new Loopback({
    slow: () => finish.promise,
    ask: (_n: number, callback: () => unknown) => [callback()],
  });
  const controller = new AbortController();
  const slow = pair.api.slow.with({ signal: controller.signal })();
  const asked = failureOf(
    pair.api.ask(slow, () => {
      throw new RangeError('the callback failed');
    }),
  );
  const given = failureOf(slow);
  await pair.idle();
  controller.abort();
  await given;
  finish.resolve(7);
  expect(await asked).toMatchObject({ message: "'the function' failed: the callback failed" });
});

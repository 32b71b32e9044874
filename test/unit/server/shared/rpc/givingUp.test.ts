import { describe, expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import type { CallTrace } from '../../../../../server/shared/rpc/callOptions.ts';
import { ServedObject } from '../../../../../server/shared/rpc/members.ts';
import { Loopback, noneLive, nothingLive } from '../../../../support/loopback.ts';
import { failureOf, type Remote } from '../../../../support/remote.ts';

interface Api {
  echo(value?: unknown): unknown;
  polite(signal?: AbortSignal): string;
  deaf(): string;
  work(name: string): void;
}

/** A worker whose methods are told about cancellations, and one that goes on all the same. */
function create() {
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
    pair.platform.clock.advance(1);
    expect(pair.stuck).toEqual(['ignoring']);
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

import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CallFlag, Op } from '../../../../../server/shared/protocol/wire.ts';
import type { TimedEnd } from '../../../../../server/shared/rpc/callOptions.ts';
import type { ConnectionOptions } from '../../../../../server/shared/rpc/connection.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { times, wireError } from '../../../../support/refusedFrames.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, small, type Part } from '../../../../support/wireBytes.ts';

const echo = (value: unknown) => value;
const fail = () => {
  throw new TypeError('no');
};

/** A pair whose host records calls whose callers do not ask for it. */
function recording<T extends object>(root: T, wantsTimes: ConnectionOptions['wantsTimes']) {
  const pair = new Loopback(root, { host: { ...(wantsTimes && { wantsTimes }) } });
  const ends: TimedEnd[] = [];
  pair.host.onSettled(end => ends.push(end));
  return { pair, ends, [Symbol.dispose]: () => pair[Symbol.dispose]() };
}

const always = () => true;

describe('a call whose caller does not ask for its times', () => {
  test('leaves a record that it has not begun where its frame had not left', async () => {
    using setting = recording({ echo }, always);
    const { pair, ends } = setting;
    const call = failureOf(pair.api.echo(1));
    pair.host.dispose();
    expect(await call).toMatchObject({ code: 'session.closed' });
    expect(ends).toMatchObject([{ name: 'echo', mayHaveBegun: false }]);
  });

  test('leaves a record with them where they are wanted', async () => {
    const later = async () => pair.platform.clock.advance(5);
    using setting = recording({ later }, always);
    const { pair, ends } = setting;
    await pair.api.later();
    expect(ends).toEqual([
      {
        name: 'later',
        sentAtMs: 1_000,
        mayHaveBegun: true,
        trace: {
          sentAtMs: 1_000,
          answeredAtMs: 1_005,
          served: { receivedMs: 1_000, startedMs: 1_000, finishedMs: 1_005 },
          requestBytes: pair.hostPipe.sent[0]!.byteLength,
          replyBytes: pair.workerPipe.sent[0]!.byteLength,
        },
      },
    ]);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('leaves none where they are not', async () => {
    using setting = recording({ echo }, undefined);
    await setting.pair.api.echo(1);
    expect(setting.ends).toEqual([]);
  });

  test('runs as any other: many travel in one frame each way', async () => {
    using setting = recording({ echo }, always);
    const { pair, ends } = setting;
    expect(await Promise.all([1, 2, 3].map(n => pair.api.echo(n)))).toEqual([1, 2, 3]);
    expect([pair.hostPipe.sent.length, pair.workerPipe.sent.length]).toEqual([1, 1]);
    expect(ends).toHaveLength(3);
  });

  test('tells that it has failed, with when it ran', async () => {
    using setting = recording({ fail }, always);
    const { pair, ends } = setting;
    await pair.api.fail().catch(() => undefined);
    const error = { remoteName: 'TypeError' };
    expect(ends).toMatchObject([{ name: 'fail', error, trace: { served: { startedMs: 1_000 } } }]);
  });

  test('is recorded when it has run, also if nobody asks for its result', async () => {
    using setting = recording({ echo }, always);
    const { pair, ends } = setting;
    const result = pair.api.echo(1);
    await pair.idle();
    expect(ends).toMatchObject([{ name: 'echo', trace: { served: { startedMs: 1_000 } } }]);
    expect(await result).toBe(1);
    expect(ends).toHaveLength(1);
  });

  test('that is never answered is recorded without times, as lost', async () => {
    using setting = recording({ never: () => new Promise(() => undefined) }, always);
    const { pair, ends } = setting;
    const call = pair.api.never();
    call.catch(() => undefined);
    await pair.idle();
    pair.host.fail(new Error('gone'));
    expect(ends).toEqual([
      {
        name: 'never',
        sentAtMs: 1_000,
        trace: undefined,
        mayHaveBegun: true,
        error: new Error('gone'),
      },
    ]);
  });

  test('and one that asks itself, are recorded once', async () => {
    using setting = recording({ echo }, always);
    await setting.pair.api.echo.with({ deadlineMs: 1_000 })(1);
    await setting.pair.api.echo.with({ args: 'value' })(1);
    expect(setting.ends).toHaveLength(2);
  });

  test('is not sent to be timed when whoever makes it keeps a record', async () => {
    using setting = recording({ echo }, always);
    await setting.pair.api.echo.with({ isUnrecorded: true } as object)(1);
    expect(setting.ends).toEqual([]);
  });
});

describe('a traced call', () => {
  test('is recorded when it has run, also if nobody asks for its result', async () => {
    using setting = recording({ echo }, undefined);
    const { pair, ends } = setting;
    const result = pair.api.echo.with({ deadlineMs: 1_000 })(1);
    await pair.idle();
    expect(ends).toMatchObject([{ name: 'echo', trace: { served: { startedMs: 1_000 } } }]);
    expect(await result).toBe(1);
    expect(ends).toHaveLength(1);
  });

  test('that is given up before it could be sent is recorded', async () => {
    const { promise, resolve } = Promise.withResolvers();
    using setting = recording({ slow: () => promise, echo }, undefined);
    const { pair, ends } = setting;
    const slow = pair.api.slow();
    const arrived = slow.then(value => value);
    await pair.idle();
    const controller = new AbortController();
    const use = failureOf(pair.api.echo.with({ signal: controller.signal })(slow));
    controller.abort();
    const failure = await use;
    expect(failure).toMatchObject({ code: 'call.cancelled' });
    resolve(1);
    await arrived;
    await pair.idle();
    const unsent = { name: 'echo', trace: undefined, mayHaveBegun: false };
    expect(ends).toMatchObject([{ ...unsent, error: failure }]);
  });

  test('that needs a result which fails before it could be sent is recorded', async () => {
    const { promise, reject } = Promise.withResolvers();
    using setting = recording({ slow: () => promise, echo }, undefined);
    const { pair, ends } = setting;
    const slow = pair.api.slow();
    const arrived = failureOf(slow);
    await pair.idle();
    const { signal } = new AbortController();
    const use = failureOf(pair.api.echo.with({ signal, deadlineMs: 1_000 })(slow));
    reject(new TypeError('no'));
    const failure = await use;
    expect(failure).toMatchObject({ code: 'call.failed', failedCall: 'slow' });
    await arrived;
    expect(ends).toMatchObject([{ name: 'echo', trace: undefined, error: failure }]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('that is lost tells whether it had begun', async () => {
    const never = () => new Promise(() => undefined);
    using setting = recording({ never }, undefined);
    const { pair, ends } = setting;
    const started = failureOf(pair.api.never.with({ deadlineMs: 1_000 })());
    await pair.idle();
    const waiting = failureOf(pair.api.never.with({ deadlineMs: 1_000 })());
    pair.host.fail(new Error('gone'));
    await Promise.all([started, waiting]);
    expect(ends.map(({ mayHaveBegun, trace }) => [mayHaveBegun, trace !== undefined])).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

test('a listener for records that throws is told of, and no call fails', async () => {
  using setting = recording({ echo }, always);
  const { pair } = setting;
  pair.host.onSettled(() => {
    throw new Error('mine');
  });
  const results = [pair.api.echo(1), pair.api.echo.with({ deadlineMs: 1_000 })(2)];
  expect(await Promise.all(results)).toEqual([1, 2]);
  const told = { name: 'a listener of echo', error: { message: 'mine' } };
  expect(pair.unseen).toMatchObject([told, told]);
  expect(await pair.idle()).toEqual(nothingLive);
});

describe('times that nobody asked for end the connection', () => {
  const never = () => new Promise(() => undefined);
  test.each<[string, readonly Part[]]>([
    ['with a result', [Op.timedResult, 1, times, small(1)]],
    ['with a failure', [Op.error, 1, 1, times, wireError]],
  ])('%s', async (_what, frame) => {
    using pair = new Loopback({ never });
    const call = failureOf(pair.api.never());
    await pair.idle();
    pair.hostPipe.deliver(bytes(...frame));
    expect(pair.host.ended).toMatchObject({ error: { code: 'protocol.violation' } });
    pair.host.dispose();
    await call;
  });

  test('with the answer to who asks later, which the call itself has had', async () => {
    using pair = new Loopback({ never, echo }, { host: { wantsTimes: always } });
    const echoed = pair.api.echo(1);
    await pair.idle();
    const later = failureOf(echoed);
    pair.hostPipe.deliver(bytes(Op.timedResult, 1, times, small(1)));
    expect(pair.host.ended).toMatchObject({ error: { code: 'protocol.violation' } });
    pair.host.dispose();
    await later;
  });
});

test('an answer without the times that were asked for ends the connection', async () => {
  using setting = recording({ echo }, always);
  const { pair } = setting;
  const call = pair.api.echo(1);
  call.catch(() => undefined);
  pair.hostPipe.deliver(Uint8Array.of(Op.result, 1, 0));
  expect(pair.host.ended).toMatchObject({ error: { code: 'protocol.violation' } });
});

test('the flag stands in the message of the call', async () => {
  using setting = recording({ echo }, always);
  const { pair } = setting;
  await pair.api.echo(1);
  expect(pair.hostPipe.sent[0]![1]).toBe(CallFlag.want | CallFlag.timed);
});

test('a call that was lost while it waited to be sent has not begun', async () => {
  using pair = new Loopback(
    { never: () => new Promise<never>(() => undefined) },
    { limits: { maxPendingCalls: 1 }, host: { wantsTimes: () => true } },
  );
  const begun: boolean[] = [];
  pair.host.onSettled(({ mayHaveBegun }) => begun.push(mayHaveBegun));
  const calls = [1, 2].map(() => failureOf(pair.api.never()));
  await pair.idle();
  pair.host.dispose();
  await Promise.all(calls);
  expect(begun).toEqual([true, false]);
});

import { describe, expect, test } from 'vitest';
import { GreenroomError, RemoteError } from '../../../../../server/shared/errors.ts';
import type { CallTrace } from '../../../../../server/shared/rpc/callOptions.ts';
import { ServedObject } from '../../../../../server/shared/rpc/members.ts';
import { byRef } from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

const echo = (value: unknown) => value;

describe('a call', () => {
  test.each([
    ['a method', { then: (resolve: (value: number) => void) => resolve(7) }],
    ['a method of a function', Object.assign(() => 1, { then: () => undefined })],
    [
      'a getter that throws',
      {
        get then() {
          throw new Error('no');
        },
      },
    ],
  ])(
    'that brings an object with `then`, %s, fails, and nothing else does',
    async (_what, query) => {
      using pair = new Loopback({ echo });
      const failure = await failureOf(pair.api.echo(byRef(query)));
      expect(failure).toBeInstanceOf(Error);
      expect(await pair.api.echo(1)).toBe(1);
      expect(await pair.collected()).toEqual(nothingLive);
    },
  );

  test('brings back what the method returned', async () => {
    using pair = new Loopback({ echo });
    const value = { a: [1, 'two', null, true], b: { c: 0.1 } };
    expect(await pair.api.echo(value)).toEqual(value);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('brings back what the promise of the method brought', async () => {
    using pair = new Loopback({ later: async (value: number) => value + 1 });
    expect(await pair.api.later(1)).toBe(2);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('whose times are wanted tells when it was sent, received, started, finished, answered', async () => {
    using pair = new Loopback({ echo });
    const traces: CallTrace[] = [];
    await pair.api.echo.with({ onTrace: trace => traces.push(trace) })('text');
    expect(traces).toMatchObject([
      {
        sentAtMs: 1_000,
        answeredAtMs: 1_000,
        served: { receivedMs: 1_000, startedMs: 1_000, finishedMs: 1_000 },
      },
    ]);
    expect(traces[0]!.requestBytes).toBe(pair.hostPipe.sent[0]!.byteLength);
    expect(traces[0]!.replyBytes).toBe(pair.workerPipe.sent.at(-1)!.byteLength);
  });

  test('tells when it begins, also when that is all that is wanted', async () => {
    using pair = new Loopback({ echo });
    let starts = 0;
    await pair.api.echo.with({ onStart: () => starts++ })('text');
    expect(starts).toBe(1);
  });

  test('keeps class, message, code, cause and both stacks of an error', async () => {
    const cause = new RangeError('deep');
    const thrown = Object.assign(new TypeError('bad', { cause }), { code: 'EWRONG' });
    using pair = new Loopback({
      fail: () => {
        throw thrown;
      },
    });
    const { signal } = new AbortController();
    const error = await failureOf(pair.api.fail.with({ signal })());
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      code: 'call.failed',
      message: 'bad',
      remoteName: 'TypeError',
      remoteCode: 'EWRONG',
      remoteStack: thrown.stack,
      cause: { remoteName: 'RangeError', message: 'deep' },
      stack: expect.stringContaining('calls.test.ts') as string,
    });
  });

  test("keeps a code that is Greenroom's own", async () => {
    using pair = new Loopback({
      fail: () => {
        throw new GreenroomError('tool.load', 'no');
      },
    });
    expect(await failureOf(pair.api.fail())).toMatchObject({ code: 'tool.load' });
  });

  test.each<[string, () => unknown, string]>([
    [
      'a getter that throws',
      () => ({
        get bad(): never {
          throw new Error('getter');
        },
      }),
      'getter',
    ],
    [
      'a getter of `then` that throws',
      () => ({
        get then(): never {
          throw new Error('then');
        },
      }),
      'then',
    ],
    ['a symbol', () => [Symbol('s')], 'a symbol'],
    [
      'a value nested too deeply',
      () => {
        let value: unknown;
        for (let left = 600; left > 0; left--) value = [value];
        return value;
      },
      'too deeply',
    ],
  ])('whose answer cannot be sent fails with the reason: %s', async (_what, give, words) => {
    using pair = new Loopback({ give, echo });
    const failure = await failureOf(pair.api.give());
    expect(failure).toMatchObject({ message: expect.stringContaining(words) as string });
    expect(await pair.api.echo(1)).toBe(1);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('that fails brings the plain properties of the error along, in both directions', async () => {
    const own = { errno: -2, code: 'ENOENT', syscall: 'open', path: '/nowhere' };
    const open = () => {
      throw Object.assign(new Error('no such file'), own);
    };
    const seen: unknown[] = [];
    using pair = new Loopback({
      open,
      openBy: (callback: () => unknown) =>
        Promise.resolve(callback()).catch((error: unknown) => {
          seen.push(error);
          throw error;
        }),
    });
    const { code: remoteCode, ...rest } = own;
    expect(await failureOf(pair.api.open())).toMatchObject({ ...rest, remoteCode });
    expect(await failureOf(pair.api.openBy(open))).toMatchObject({ ...rest, remoteCode });
    expect(seen).toMatchObject([{ ...rest, remoteCode }]);
  });

  test('that throws something that is no error says so', async () => {
    using pair = new Loopback({
      fail: () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what it is about
        throw 'words';
      },
    });
    expect(await failureOf(pair.api.fail())).toMatchObject({
      message: 'a value was thrown that is not an error: "words"',
    });
  });

  test('of a served object reaches its own methods only, and tells them about the call', async () => {
    using pair = new Loopback(
      new ServedObject({ ask: ([value], { signal }) => [value, signal.aborted] }) as unknown as {
        ask(value: number): [number, boolean];
        method(): void;
      },
    );
    expect(await pair.api.ask(1)).toEqual([1, false]);
    for (const call of [pair.api.method(), pair.api.ask.batch([[1]]), pair.api.method]) {
      expect(await failureOf(call)).toMatchObject({ code: 'call.unknownMethod' });
    }
  });

  test('that is larger than a frame may be is refused, and the next one works', async () => {
    using pair = new Loopback({ echo }, { limits: { maxFrameBytes: 1_000 } });
    expect(await failureOf(pair.api.echo('x'.repeat(1_000)))).toMatchObject({
      code: 'frame.tooLarge',
    });
    expect(await pair.api.echo('x')).toBe('x');
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('whose answer is larger than a frame may be fails with the reason', async () => {
    using pair = new Loopback(
      { long: () => 'x'.repeat(20_000) },
      { limits: { maxFrameBytes: 20_000 } },
    );
    expect(await failureOf(pair.api.long())).toMatchObject({ code: 'frame.tooLarge' });
    expect(await pair.idle()).toEqual(nothingLive);
  });
});

test('what an error tells is cut to a bounded length', async () => {
  const error = Object.assign(new Error('x'.repeat(1e6)), {
    name: 'y'.repeat(1e6),
    code: 'z'.repeat(1e6),
  });
  using pair = new Loopback({
    fail: () => {
      throw error;
    },
  });
  await failureOf(pair.api.fail());
  expect(pair.workerPipe.sent.at(-1)!.byteLength).toBeLessThan(25_000);
});

test('a side is busy from its first call to its last answer, those that nobody asked for among them', async () => {
  const told: boolean[] = [];
  const finish: (() => void)[] = [];
  const root = { echo, never: () => new Promise<void>(resolve => finish.push(resolve)) };
  using pair = new Loopback(root, { host: { onBusy: isBusy => told.push(isBusy) } });
  const both = [pair.api.echo(1), pair.api.echo(2)];
  expect(told).toEqual([true]);
  await Promise.all(both);
  expect(told).toEqual([true, false]);
  const kept = pair.api.never();
  await pair.idle();
  expect(told).toEqual([true, false, true]);
  finish[0]!();
  await pair.idle();
  expect(told).toEqual([true, false, true, false]);
  await kept;
  expect(told.slice(4)).toEqual([true, false]);
  void failureOf(pair.api.never());
  pair.host.fail(new GreenroomError('session.lost', 'over'));
  expect(told.slice(6)).toEqual([true, false]);
});

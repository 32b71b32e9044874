import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CallOptions } from '../../../../../server/shared/rpc/callOptions.ts';
import { byRef } from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

function create() {
  return new Loopback({
    echo: (value: unknown) => value,
    add: (one: number, other: number) => one + other,
    nope: undefined as unknown as { b(): number },
    nothing: () => undefined,
    limit: 5,
    fail: (what: string): never => {
      if (what === 'proxy') {
        throw new Proxy(new Error('x'), {
          getPrototypeOf() {
            throw new Error('do not look');
          },
          get() {
            throw new Error('nor here');
          },
        });
      }
      throw new Error(what);
    },
  });
}

class TallMap extends Map<string, unknown> {
  override get size(): number {
    return 9;
  }
}

function growing(): Map<string, unknown> {
  const map = new Map<string, unknown>();
  map.set('first', {
    get x() {
      map.set('second', 2);
      return 1;
    },
  });
  return map;
}

function shrinking(): Set<unknown> {
  const set = new Set<unknown>();
  set.add({
    get x() {
      set.clear();
      return 1;
    },
  });
  set.add('stays');
  return set;
}

describe('a caller who is careless harms only the own call', () => {
  test.each([
    ['that lies about its size', () => new TallMap([['a', 1]]), new Map([['a', 1]])],
    ['that grows while it is sent', growing, new Map([['first', { x: 1 }]])],
    ['that shrinks while it is sent', shrinking, new Set([{ x: 1 }, 'stays'])],
  ])('with a collection %s', async (_what, make, expected) => {
    using pair = create();
    expect(await pair.api.echo(make())).toEqual(expected);
    expect(await pair.api.add(1, 2)).toBe(3);
  });

  test('with a batch that is no list, whose items are none', async () => {
    using pair = create();
    const items = new Set([new Set([1, 2])]) as unknown as [number, number][];
    expect(await pair.api.add.batch(items)).toEqual([3]);
    expect(await pair.api.add(1, 2)).toBe(3);
  });

  test('with a name or a path that is too long', async () => {
    using pair = create();
    const api = pair.api as unknown as Record<string, () => Promise<unknown>>;
    expect(await failureOf(api['x'.repeat(5_000)]!())).toMatchObject({
      code: 'call.unknownMethod',
    });
    let deep = pair.api as unknown as Record<string, never>;
    for (let level = 0; level < 40; level++) deep = deep['a']!;
    expect(await failureOf((deep as unknown as () => Promise<unknown>)())).toMatchObject({
      code: 'call.unknownMethod',
    });
    expect(await pair.api.add(1, 2)).toBe(3);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test.each([
    [Number.NaN, RangeError],
    [-1, RangeError],
    ['5' as unknown as number, TypeError],
  ])('with the deadline %o', async (deadlineMs, type) => {
    using pair = create();
    expect(await failureOf(pair.api.add.with({ deadlineMs })(1, 2))).toBeInstanceOf(type);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test.each([
    [{ result: 'zzz' }, "result is \"zzz\"; it takes 'value' or 'reference'"],
    [{ args: 1 }, "args is 1; it takes 'value' or 'reference'"],
    [{ signal: {} }, 'signal is an object; it takes an AbortSignal'],
    [
      { signal: { aborted: false, addEventListener: () => undefined } },
      'signal is an object; it takes an AbortSignal',
    ],
    [{ onTrace: true }, 'onTrace is true; it takes a function'],
    [{ onStart: 1 }, 'onStart is 1; it takes a function'],
    [{ settle: true }, /^a call has no option 'settle'; it has signal,/u],
    [
      { deadline: 5 },
      "a call has no option 'deadline'; it has signal, deadlineMs, args, result, onStart, onTrace",
    ],
  ])('with the options %o', async (options, message) => {
    using pair = create();
    const failure = await failureOf(pair.api.add.with(options as CallOptions)(1, 2));
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as Error).message).toMatch(message);
    expect(pair.hostPipe.sent).toEqual([]);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test.each([
    [{ settle: 'no' }, 'settle is "no"; it takes true or false'],
    [{ all: true }, /^a batch has no option 'all'; it has signal,.+, settle$/u],
    [{ result: 'zzz' }, "result is \"zzz\"; it takes 'value' or 'reference'"],
  ])('with the options %o of a batch', async (options, message) => {
    using pair = create();
    const failure = await failureOf(pair.api.add.batch([[1, 2]], options as object));
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as Error).message).toMatch(message);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test.each(['x', null, undefined])('with %s instead of options', options => {
    using pair = create();
    expect(() => pair.api.add.with(options as unknown as CallOptions)).toThrow(TypeError);
  });

  test.each(['x', null, 5])('with %s instead of options of a batch', options => {
    using pair = create();
    expect(() => pair.api.add.batch([[1, 2]], options as unknown as { settle: true })).toThrow(
      TypeError,
    );
  });

  test('with a result that has come and lies too deep in others, it is told', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
    const echo = (value: unknown) => value;
    using pair = new Loopback({ nested, echo }, { limits: { maxDepth: 50 } });
    const deep = pair.api.nested(40);
    await deep;
    const failure = await failureOf(pair.api.echo([[[[[[[[[[[[deep]]]]]]]]]]]]));
    expect(failure).toMatchObject({ code: 'value.unserializable' });
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('with a list that is longer than any message, it is told at once', async () => {
    using pair = create();
    const endless: number[] = [];
    endless.length = 2 ** 32 - 1;
    const failure = await failureOf(pair.api.add(endless as unknown as number, 2));
    expect(failure).toMatchObject({ code: 'frame.tooLarge' });
  });

  test.each<[string, (api: ReturnType<typeof create>['api']) => PromiseLike<unknown>, string]>([
    [
      'a member of nothing',
      ({ nothing }) => (nothing() as unknown as { name: PromiseLike<unknown> }).name,
      "there is no member 'name' of undefined",
    ],
    [
      'what is no function',
      ({ limit }) => (limit as unknown as () => PromiseLike<unknown>)(),
      "'limit' is not a function",
    ],
    [
      'a result that is no function',
      ({ nothing }) => (nothing() as unknown as () => PromiseLike<unknown>)(),
      'what was called is not a function',
    ],
  ])('%s', async (_what, deed, message) => {
    using pair = create();
    expect(await failureOf(deed(pair.api))).toMatchObject({ code: 'call.unknownMethod', message });
  });

  test('a module in place of its default export', async () => {
    using pair = new Loopback({ module: byRef(path) });
    const module = pair.api.module as unknown as () => PromiseLike<unknown>;
    expect(await failureOf(module())).toMatchObject({
      code: 'call.unknownMethod',
      message:
        "'module' is not a function but a module; load(file, 'default') brings its default export",
    });
  });

  test('with a signal as option and another one among the arguments', async () => {
    using pair = create();
    const { signal } = new AbortController();
    const add = pair.api.add.with({ signal: new AbortController().signal });
    expect(await failureOf(add(1, signal as never))).toMatchObject({
      message: 'a call has one signal; two were passed',
    });
  });

  test.each([
    [5, 'the batch is 5; it takes a list of lists of arguments'],
    [[[1], 2], 'item 1 of the batch is 2; it takes a list of arguments'],
    [['ab'], 'item 0 of the batch is "ab"; it takes a list of arguments'],
    [[undefined], 'item 0 of the batch is undefined; it takes a list of arguments'],
  ])('with the batch %o', async (items, message) => {
    using pair = create();
    expect(() => pair.api.add.batch(items as never)).toThrow(new TypeError(message));
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('who throws what must not be looked at', async () => {
    using pair = create();
    expect(await failureOf(pair.api.fail('proxy'))).toMatchObject({ remoteName: 'NonError' });
    expect(await pair.api.add(1, 2)).toBe(3);
  });
});

test('no deadline is reached before its time, however long it is', async () => {
  using pair = create();
  for (const deadlineMs of [Infinity, 2 ** 40]) {
    expect(await pair.api.add.with({ deadlineMs })(1, 2)).toBe(3);
  }
  expect(pair.platform.clock.pending).toBe(0);
});

test('a member of what is not there is missed by its own name', async () => {
  using pair = create();
  expect(await failureOf(pair.api.nope.b())).toMatchObject({
    message: "there is no member 'nope'",
  });
});

test('calls after the end tell how it came, not that it was closed afterwards', async () => {
  using pair = create();
  pair.host.fail(new Error('killed by signal 9'));
  pair.host.dispose();
  expect(await failureOf(pair.api.add(1, 2))).toMatchObject({ message: 'killed by signal 9' });
});

test('a remote in a text says what it is and asks nobody', () => {
  using pair = create();
  expect(`${pair.api.add as unknown as string}`).toBe('[remote]');
  expect(pair.hostPipe.sent).toEqual([]);
});

test.each(['onStart', 'onTrace'] as const)(
  'a listener %s that throws is told of, and neither its call nor another one fails',
  async name => {
    using pair = create();
    const listen = () => {
      throw new Error('mine');
    };
    const other = pair.api.echo('other');
    expect(await pair.api.echo.with({ [name]: listen })('own')).toBe('own');
    expect(await other).toBe('other');
    expect(pair.unseen).toMatchObject([{ name: 'a listener of echo', error: { message: 'mine' } }]);
    expect(await pair.idle()).toEqual(nothingLive);
  },
);

test('what is done to one remote is refused, and harms no other', async () => {
  using pair = create();
  const remote = pair.api.nope;
  expect(() => Object.freeze(remote)).toThrow(TypeError);
  expect(() => Object.defineProperty(remote, 'x', { value: 1, configurable: true })).toThrow(
    TypeError,
  );
  expect(() => Object.setPrototypeOf(remote, Array.prototype) as unknown).toThrow(TypeError);
  expect(Reflect.deleteProperty(remote, 'b')).toBe(false);
  expect(await pair.api.echo((pair.api.fail as { name?: unknown }).name)).toBe('fail');
});

test('more results than may be kept are refused here, also when they are made in one turn', async () => {
  using pair = new Loopback({ make: () => 1 }, { limits: { maxReferences: 8 } });
  const calls = Array.from({ length: 20 }, () => pair.api.make());
  await pair.idle();
  expect(pair.ends).toEqual({ host: [], worker: [] });
  expect(await failureOf(calls[8]!)).toMatchObject({ code: 'queue.full' });
  expect(await calls[7]).toBe(1);
});

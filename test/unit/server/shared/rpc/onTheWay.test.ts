import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { endOfTurn, Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

type Callback<R = unknown> = () => R;

function create() {
  const noted: string[] = [];
  const gates: (() => void)[] = [];
  const pair = new Loopback({
    slow: (value: unknown) => new Promise(resolve => gates.push(() => resolve(value))),
    fail: () => Promise.reject(new TypeError('no')),
    echo: (...values: unknown[]) => values,
    note: (name: string) => void noted.push(name),
    ask: async (callback: Callback) => await callback(),
    part: (callback: Callback) => ({ part: callback() }),
    hold: async (callback: Callback<PromiseLike<unknown>>) => {
      const result = awaited(callback());
      await endOfTurn();
      return [result];
    },
  });
  const open = () => gates.splice(0).forEach(gate => gate());
  return Object.assign(pair, { noted, open });
}

/** A result that is awaited, so that the other side brings it and keeps nothing. */
function awaited<T extends PromiseLike<unknown>>(call: T): T {
  call.then(
    () => undefined,
    () => undefined,
  );
  return call;
}

describe('a call with a result that is on its way', () => {
  test('ends at once when a signal among its arguments fires, wherever that stands', async () => {
    using pair = create();
    const slow = awaited(pair.api.slow(1));
    await pair.idle();
    const controller = new AbortController();
    const { signal } = controller;
    const calls = [
      pair.api.echo(slow, signal),
      pair.api.echo(signal, slow),
      pair.api.echo({ slow, signal }),
      (slow as unknown as typeof pair.api).echo(signal),
    ].map(failureOf);
    controller.abort();
    for (const call of calls) expect(await call).toMatchObject({ code: 'call.cancelled' });
    pair.open();
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('names the call that has failed, as one does that was sent before', async () => {
    using pair = create();
    const failing = awaited(pair.api.fail());
    const sentBefore = failureOf(pair.api.echo(pair.api.fail()));
    await endOfTurn();
    const onItsWay = failureOf(pair.api.echo(failing));
    await pair.idle();
    const calls = [
      sentBefore,
      onItsWay,
      failureOf(pair.api.echo(failing)),
      failureOf(pair.api.echo.batch([[failing]])),
      failureOf((failing as unknown as typeof pair.api).echo()),
    ];
    for (const call of calls) {
      expect(await call).toMatchObject({ failedCall: 'fail', message: "'fail' failed: no" });
    }
    expect(await failureOf(failing)).toMatchObject({ failedCall: undefined, message: 'no' });
    expect(pair.unseen).toEqual([]);
  });

  test('reads members among its arguments only once', async () => {
    let looks = 0;
    class Box {
      get value() {
        return ++looks;
      }
    }
    using pair = new Loopback({
      box: new Box(),
      slow: () => new Promise<Box>(resolve => setImmediate(resolve, new Box())),
      add: (one: number, other: number) => one + other,
    });
    const slow = awaited(pair.api.slow());
    await endOfTurn();
    const { value } = slow as unknown as { value: number };
    expect(await pair.api.add(pair.api.box.value, value)).toBe(3);
    expect(looks).toBe(2);
  });
});

test('a call that waits for a result is made with it, although that was disposed meanwhile', async () => {
  class Doc {
    name = 'doc';
    read() {
      return 'text';
    }
  }
  using pair = new Loopback({
    open: () => new Promise<Doc>(resolve => setImmediate(resolve, new Doc())),
    echo: (value: unknown) => value,
  });
  const doc = awaited(pair.api.open()) as unknown as Disposable & {
    read(): PromiseLike<string>;
    readonly name: PromiseLike<string>;
  };
  const kept = pair.api.echo('kept');
  await endOfTurn();
  const calls = [doc.read(), pair.api.echo(doc.name), pair.api.echo([kept, doc.name])];
  doc[Symbol.dispose]();
  (kept as unknown as Disposable)[Symbol.dispose]();
  const all = calls.map(call => call.then(value => value));
  expect(await Promise.all(all)).toEqual(['text', 'doc', ['kept', 'doc']]);
  expect(await failureOf(doc.read())).toMatchObject({ code: 'reference.released' });
  expect((await pair.idle()).host).toMatchObject({ calls: 0, results: 0 });
});

test('calls that were given up while they wait leave nothing on a signal that lives on', async () => {
  using pair = create();
  const slow = awaited(pair.api.slow(1));
  await pair.idle();
  const { signal } = new AbortController();
  const calls = Array.from({ length: 20 }, () =>
    failureOf(pair.api.echo.with({ signal, deadlineMs: 50 })(slow)),
  );
  pair.platform.clock.advance(50);
  for (const call of calls) expect(await call).toMatchObject({ code: 'call.deadline' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  pair.open();
  expect(await pair.idle()).toEqual(nothingLive);
});

test('a message waits for all its results together, and is written once more', async () => {
  let looks = 0;
  using pair = create();
  const slow = Array.from({ length: 500 }, (_, index) => awaited(pair.api.slow(index)));
  await pair.idle();
  const counting = {
    get looks() {
      return ++looks;
    },
  };
  const echo = pair.api.echo(counting, ...slow).then(values => values.length);
  pair.open();
  expect(await echo).toBe(501);
  expect(looks).toBe(2);
});

describe('an answer that holds a result on its way', () => {
  test('is given when calls that wait for their turn have been sent', async () => {
    using pair = new Loopback(
      {
        askMany: (callback: (n: number) => unknown, times: number) =>
          Array.from({ length: times }, (_, n) => callback(n)),
      },
      { limits: { maxPendingCalls: 2 } },
    );
    const answer = pair.api.askMany((n: number) => n, 20).then(values => values);
    expect(await answer).toEqual([...Array(20).keys()]);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('can be given up, which costs nobody the session', async () => {
    using pair = create();
    const ask = failureOf(
      pair.api.hold.with({ deadlineMs: 50 })(() => new Promise(() => undefined)),
    );
    await pair.idle();
    pair.platform.clock.advance(50);
    expect(await ask).toMatchObject({ code: 'call.deadline' });
    await pair.idle();
    pair.platform.clock.advance(10_000);
    expect(pair.stuck).toEqual([]);
    expect(pair.worker.live.served).toBe(0);
  });

  test('is given when that has come', async () => {
    using pair = create();
    const ask = pair.api.ask(async () => {
      const slow = awaited(pair.api.slow('here'));
      await pair.idle();
      setImmediate(pair.open);
      return { list: [slow] };
    });
    expect(await ask).toEqual({ list: ['here'] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('fails with it', async () => {
    using pair = create();
    const ask = pair.api.ask(async () => {
      const failing = awaited(pair.api.fail());
      await endOfTurn();
      return [failing];
    });
    const message = "'fail' failed: no";
    expect(await failureOf(ask)).toMatchObject({ message, failedCall: 'fail' });
    expect(await failureOf(pair.api.echo(ask))).toMatchObject({ message, failedCall: 'fail' });
    expect(await pair.collected()).toEqual(nothingLive);
  });
});

describe('a call whose answer has parts that are still to come', () => {
  test('can be given up by its deadline and by a signal', async () => {
    using pair = create();
    const { promise, resolve } = Promise.withResolvers();
    const controller = new AbortController();
    const late = failureOf(pair.api.part.with({ deadlineMs: 50 })(() => promise));
    const unwanted = failureOf(pair.api.part.with({ signal: controller.signal })(() => promise));
    await pair.idle();
    pair.platform.clock.advance(50);
    controller.abort();
    expect(await late).toMatchObject({ code: 'call.deadline' });
    expect(await unwanted).toMatchObject({ code: 'call.cancelled' });
    resolve('too late');
    await pair.idle();
    pair.platform.clock.advance(10_000);
    expect(pair.stuck).toEqual([]);
    expect(pair.platform.clock.pending).toBe(0);
  });

  test('ends as it would have when it is not given up', async () => {
    using pair = create();
    const { promise, resolve } = Promise.withResolvers();
    const call = pair.api.part.with({ deadlineMs: 50 })(() => promise);
    const seen = call.then(value => value);
    await pair.idle();
    resolve('part');
    expect(await seen).toEqual({ part: 'part' });
    expect(pair.platform.clock.pending).toBe(0);
  });
});

test('a chain of calls of any length fails with its first, and the connection goes on', async () => {
  using pair = create();
  let last = pair.api.fail() as unknown as { next(): typeof last } & PromiseLike<unknown>;
  for (let length = 0; length < 30_000; length++) last = last.next();
  expect(await failureOf(last)).toMatchObject({ failedCall: 'fail' });
  expect(await pair.api.echo(1)).toEqual([1]);
});

test('sets that wait for many results are filled once, in order', async () => {
  using pair = create();
  const slow = Array.from({ length: 2_000 }, (_, index) => pair.api.slow(index));
  const echo = pair.api.echo(new Set<unknown>(['first', ...slow, 'last']));
  const result = echo.then(([set]) => [...(set as Set<unknown>)]);
  await pair.idle();
  pair.open();
  expect(await result).toEqual(['first', ...slow.keys(), 'last']);
});

test('a result whose parts are still to come can be used again until they are there', async () => {
  const part = Promise.withResolvers<number>();
  using pair = new Loopback({
    hold: (callback: () => unknown) => [callback(), 1],
    echo: (value: unknown) => value,
    ask: (callback: () => unknown) => callback(),
  });
  const held = pair.api.hold(() => part.promise);
  await pair.idle();
  const awaited = held.then(value => value);
  await pair.idle();
  const used = [pair.api.echo(held), pair.api.ask(() => [held])].map(call => call.then(v => v));
  await pair.idle();
  part.resolve(5);
  expect(await awaited).toEqual([5, 1]);
  expect(await Promise.all(used)).toEqual([[5, 1], [[5, 1]]]);
  expect(pair.ends).toEqual({ host: [], worker: [] });
  expect(await pair.collected()).toEqual(nothingLive);
});

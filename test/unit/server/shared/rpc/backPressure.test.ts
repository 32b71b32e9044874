import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../../../server/shared/protocol/limits.ts';
import { CallFlag, Tag } from '../../../../../server/shared/protocol/wire.ts';
import type { CallTrace } from '../../../../../server/shared/rpc/callOptions.ts';
import { Loopback, noneLive, nothingLive } from '../../../../support/loopback.ts';
import { call } from '../../../../support/refusedFrames.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, count } from '../../../../support/wireBytes.ts';

function create(limits: {
  maxPendingCalls?: number;
  maxHeldBytes?: number;
  maxLightBytes?: number;
  maxWaitingCalls?: number;
  maxUnsentBytes?: number;
  maxFrameBytes?: number;
  maxReferences?: number;
}) {
  const finish: (() => void)[] = [];
  const ran: number[] = [];
  const pair = new Loopback(
    {
      echo: (value: unknown) => value,
      work: async (item: number) => {
        ran.push(item);
        await new Promise(setImmediate);
        return item;
      },
      untilTold: (_value?: unknown) =>
        new Promise<string>(resolve => finish.push(() => resolve('told'))),
      callBack: (callback: () => unknown) => callback(),
      callWith: (callback: (value: Uint8Array) => unknown, value: Uint8Array) => callback(value),
      make: () => new (class Thing {})(),
    },
    { limits },
  );
  return Object.assign(pair, { finish, ran });
}

describe('calls beyond the bound of those under way', () => {
  test('wait, run in the order they were made, and are all answered', async () => {
    using pair = create({ maxPendingCalls: 3 });
    const items = Array.from({ length: 50 }, (_, index) => index);
    expect(await Promise.all(items.map(item => pair.api.work(item)))).toEqual(items);
    expect(pair.ran).toEqual(items);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('may depend on those before them', async () => {
    using pair = create({ maxPendingCalls: 1 });
    expect(await pair.api.work(pair.api.work(pair.api.work(1)))).toBe(1);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('are refused when too many wait already, and leave the others alone', async () => {
    using pair = create({ maxPendingCalls: 1, maxWaitingCalls: 2 });
    const calls = [0, 1, 2].map(item => pair.api.work(item));
    expect(await failureOf(pair.api.work(3))).toMatchObject({ code: 'queue.full' });
    expect(await Promise.all(calls)).toEqual([0, 1, 2]);
    expect(await pair.api.work(4)).toBe(4);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('do not hold up the cancellation of one that is under way', async () => {
    using pair = create({ maxPendingCalls: 1 });
    const stuck = failureOf(pair.api.untilTold.with({ deadlineMs: 50 })());
    const behind = pair.api.echo(1);
    const answer = behind.then(value => value);
    await pair.idle();
    pair.platform.clock.advance(50);
    expect(await stuck).toMatchObject({ code: 'call.deadline' });
    pair.finish[0]!();
    expect(await answer).toBe(1);
    expect(pair.stuck).toEqual([]);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('can be given up while they wait', async () => {
    using pair = create({ maxPendingCalls: 1 });
    const first = pair.api.untilTold().then(value => value);
    const given = failureOf(pair.api.work.with({ deadlineMs: 50 })(1));
    const last = pair.api.echo('last').then(value => value);
    await pair.idle();
    pair.platform.clock.advance(50);
    expect(await given).toMatchObject({ code: 'call.deadline' });
    pair.finish[0]!();
    expect(await Promise.all([first, last])).toEqual(['told', 'last']);
    expect(pair.ran).toEqual([]);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('do not wait for the callbacks of those under way, which need them to end', async () => {
    using pair = new Loopback(
      {
        ask: async (item: number, callback: (item: number) => Promise<number>) => callback(item),
        echo: (value: number) => value,
      },
      { limits: { maxPendingCalls: 2 } },
    );
    const nested = async (item: number) => {
      if (item % 2 === 0) await new Promise(setImmediate);
      return pair.api.ask(item, (inner: number) => pair.api.echo(inner));
    };
    const items = Array.from({ length: 20 }, (_, index) => index);
    expect(await Promise.all(items.map(item => pair.api.ask(item, nested)))).toEqual(items);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('do not hold up what a callback calls that came after them', async () => {
    using pair = create({ maxPendingCalls: 3 });
    const first = pair.api.callBack(() => pair.api.echo('for the callback'));
    const behind = Array.from({ length: 20 }, () => pair.api.untilTold().then(told => told));
    expect(await first).toBe('for the callback');
    for (const finish of pair.finish) finish();
    expect(await Promise.all(behind)).toEqual(Array(20).fill('told'));
    expect(pair.ends).toEqual({ host: [], worker: [] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('are as many while a callback runs, and refused beyond', async () => {
    using pair = create({ maxPendingCalls: 3, maxWaitingCalls: 5 });
    const goOn = Promise.withResolvers<string>();
    const first = pair.api.callBack(() => goOn.promise).then(value => value);
    await pair.idle();
    const behind = Array.from({ length: 8 }, () => pair.api.untilTold().then(told => told));
    await pair.idle();
    expect(pair.finish).toHaveLength(8);
    expect(await failureOf(pair.api.echo(1))).toMatchObject({ code: 'queue.full' });
    goOn.resolve('gone on');
    expect(await first).toBe('gone on');
    for (const finish of pair.finish) finish();
    await Promise.all(behind);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('are sent once a call is served that may need them to end', async () => {
    using pair = create({ maxPendingCalls: 1 });
    const goOn = Promise.withResolvers<void>();
    const served = pair.api.callBack(() => goOn.promise).then(() => 'served');
    const waiting = pair.api.echo(1).then(value => (goOn.resolve(), value));
    expect(await waiting).toBe(1);
    expect(await served).toBe('served');
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('are sent once an answer waits for them', async () => {
    const answers = (callback: () => unknown) => [callback()];
    using pair = new Loopback({ answers }, { limits: { maxPendingCalls: 1 } });
    const goOn = Promise.withResolvers<void>();
    const first = pair.api.answers(() => goOn.promise);
    const second = pair.api.answers(() => (goOn.resolve(), 'second'));
    expect(await second).toEqual(['second']);
    expect(await first).toEqual([undefined]);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('all end when the connection does', async () => {
    using pair = create({ maxPendingCalls: 1 });
    const calls = [0, 1, 2].map(() => failureOf(pair.api.untilTold()));
    await pair.idle();
    pair.host.dispose();
    for (const failure of await Promise.all(calls)) {
      expect(failure).toMatchObject({ code: 'session.closed' });
    }
    expect(pair.live.host).toEqual(noneLive);
  });

  test('end the connection of a peer that sends them all the same', async () => {
    using strict = new Loopback(
      { wait: () => new Promise<never>(() => undefined) },
      { worker: { limits: { ...defaultLimits, maxPendingCalls: 2 } } },
    );
    const calls = [0, 1, 2].map(() => failureOf(strict.api.wait()));
    await strict.idle();
    expect(strict.ends.worker).toMatchObject([{ error: { code: 'protocol.violation' } }]);
    strict.host.dispose();
    await Promise.all(calls);
  });

  test('end the connection of a peer that sends more than may wait while it serves one', async () => {
    const limits = { ...defaultLimits, maxPendingCalls: 1, maxWaitingCalls: 2 };
    const wait = (callback?: () => unknown) => callback?.() ?? new Promise<never>(() => undefined);
    using strict = new Loopback({ wait }, { worker: { limits } });
    const calls = [failureOf(strict.api.wait(() => new Promise<never>(() => undefined)))];
    await strict.idle();
    for (let more = 0; more < 3; more++) calls.push(failureOf(strict.api.wait()));
    await strict.idle();
    expect(strict.ends.worker).toEqual([]);
    calls.push(failureOf(strict.api.wait()));
    await strict.idle();
    expect(strict.ends.worker).toMatchObject([{ error: { code: 'protocol.violation' } }]);
    strict.host.dispose();
    await Promise.all(calls);
  });
});

describe('results that are kept', () => {
  test('are bounded: one more call is refused by the side that makes it', async () => {
    using pair = create({ maxReferences: 2 });
    const kept = [pair.api.make(), pair.api.make()];
    await pair.idle();
    expect(await failureOf(pair.api.make())).toMatchObject({ code: 'queue.full' });
    kept[0]![Symbol.dispose]();
    await pair.idle();
    expect(await pair.api.echo(1)).toBe(1);
    expect(pair.ends.worker).toEqual([]);
  });
});

describe('a transport that does not take frames', () => {
  test('makes calls wait, and all are answered in order once it does', async () => {
    using pair = create({ maxUnsentBytes: 16_000 });
    pair.hostPipe.hold();
    const first = pair.api.work(0);
    const calls = [first.then(value => value)];
    await new Promise(setImmediate);
    for (let item = 1; item < 40; item++) {
      calls.push(pair.api.work(item).then(value => value));
      if (item % 5 === 0) await new Promise(setImmediate);
    }
    expect(pair.ran).toEqual([]);
    pair.hostPipe.letGo();
    const items = Array.from({ length: 40 }, (_, index) => index);
    expect(await Promise.all(calls)).toEqual(items);
    expect(pair.ran).toEqual(items);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  /** Frames of the usual size, sixteen of which may wait. */
  const sixteenFrames = { maxUnsentBytes: 16 * 256 * 1024 };
  const long = 'x'.repeat(300_000);

  test('has answers wait for it, and calls that would bring more', async () => {
    let ran = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const root = { make: () => (ran++, long), makeLater: () => promise, keep: () => long };
    using pair = new Loopback(root, { limits: sixteenFrames });
    const lengths = (results: readonly PromiseLike<string>[]) =>
      Promise.all(results.map(result => result.then(({ length }) => length)));
    const kept = Array.from({ length: 40 }, () => pair.api.keep());
    const late = lengths(Array.from({ length: 40 }, () => pair.api.makeLater()));
    await pair.idle();
    pair.workerPipe.hold();
    resolve(long);
    const pulled = lengths(kept);
    const made = lengths(Array.from({ length: 40 }, () => pair.api.make()));
    await pair.idle();
    expect(ran).toBeLessThan(10);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    pair.workerPipe.letGo();
    const lengthsOf40 = Array(40).fill(300_000);
    expect(await Promise.all([late, pulled, made])).toEqual(Array(3).fill(lengthsOf40));
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('has an answer given once to who gives up while it waits, and told when it was there', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    using pair = new Loopback({ later: () => promise }, { limits: sixteenFrames });
    const finished: number[] = [];
    const onTrace = ({ served }: CallTrace) => void finished.push(served.finishedMs);
    const later = (deadlineMs: number) => pair.api.later.with({ deadlineMs, onTrace })();
    const impatient = Array.from({ length: 20 }, () => failureOf(later(50)));
    const patient = Array.from({ length: 20 }, () => later(60_000).then(({ length }) => length));
    await pair.idle();
    pair.workerPipe.hold();
    resolve(long);
    const endedMs = pair.platform.clock.now();
    await pair.idle();
    pair.platform.clock.advance(50);
    await pair.idle();
    pair.workerPipe.letGo();
    await pair.idle();
    expect(await Promise.all(impatient)).toMatchObject(Array(20).fill({ code: 'call.deadline' }));
    expect(await Promise.all(patient)).toEqual(Array(20).fill(300_000));
    expect(finished.slice(-10)).toEqual(Array(10).fill(endedMs));
    expect(pair.ends).toEqual({ host: [], worker: [] });
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('has a call that can be given up begin when the word of that has left', async () => {
    using pair = create(sixteenFrames);
    const first = pair.api.echo(long).then(() => 'first');
    await pair.idle();
    pair.workerPipe.hold();
    const blocking = pair.api.echo(long).then(() => 'second');
    let isStarted = false;
    const onStart = () => (isStarted = true);
    const call = pair.api.work
      .with({ onStart, deadlineMs: 1_000 })(1)
      .then(value => value);
    const behind = pair.api.work(2).then(value => value);
    await pair.idle();
    expect({ ran: pair.ran, isStarted }).toEqual({ ran: [], isStarted: false });
    pair.workerPipe.letGo();
    expect(await Promise.all([first, blocking, call, behind])).toEqual(['first', 'second', 1, 2]);
    expect({ ran: pair.ran, isStarted }).toEqual({ ran: [1, 2], isStarted: true });
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('has it begin then, whatever else is said meanwhile', async () => {
    const said: ((text: string) => unknown)[] = [];
    let ran = false;
    const root = {
      give: (callback: (text: string) => unknown) => void said.push(callback),
      work: () => (ran = true),
    };
    using pair = new Loopback(root, { limits: sixteenFrames });
    await pair.api.give(() => undefined);
    pair.workerPipe.hold();
    for (let word = 0; word < 3; word++) void said[0]!(long);
    const call = pair.api.work
      .with({ deadlineMs: 60_000 })()
      .then(value => value);
    for (let frames = 0; frames < 10 && !ran; frames++) {
      await pair.idle();
      void said[0]!(long);
      await pair.idle();
      pair.workerPipe.letOneGo();
    }
    await pair.idle();
    expect(ran).toBe(true);
    pair.workerPipe.letGo();
    expect(await call).toBe(true);
  });

  test('has one that is given up before that never run', async () => {
    using pair = create(sixteenFrames);
    pair.workerPipe.hold();
    const first = pair.api.echo(long).then(() => 'first');
    const call = failureOf(pair.api.work.with({ deadlineMs: 50 })(1));
    const behind = pair.api.work(2).then(value => value);
    await pair.idle();
    pair.platform.clock.advance(50);
    await pair.idle();
    pair.workerPipe.letGo();
    expect(await call).toMatchObject({ code: 'call.deadline' });
    expect(await Promise.all([first, behind])).toEqual(['first', 2]);
    expect(pair.ran).toEqual([2]);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('ends the connection when too many answers wait for it', async () => {
    using pair = create({ maxUnsentBytes: 100_000, maxFrameBytes: 1_000_000 });
    pair.workerPipe.hold();
    const long = 'x'.repeat(60_000);
    const calls = [0, 1, 2, 3, 4, 5, 6].map(() => failureOf(pair.api.echo(long)));
    await pair.idle();
    const more = [0, 1, 2, 3, 4, 5, 6].map(() => failureOf(pair.api.echo(long)));
    await pair.idle();
    expect(pair.ends.worker).toMatchObject([{ error: { code: 'protocol.violation' } }]);
    pair.host.dispose();
    await Promise.all([...calls, ...more]);
  });

  test('has nothing of a frame done any more after that', async () => {
    let made = 0;
    const make = () => (made++, 'x'.repeat(60_000));
    const limits = { maxUnsentBytes: 100_000, maxFrameBytes: 1_000_000 };
    using pair = new Loopback({ make }, { limits });
    pair.workerPipe.hold();
    const ids = Array.from({ length: 200 }, (_, index) => index + 1);
    pair.workerPipe.deliver(bytes(...ids.map(id => call(id, 'make'))));
    expect(pair.ends.worker).toMatchObject([{ error: { code: 'protocol.violation' } }]);
    expect(made).toBeLessThan(30);
    pair.workerPipe.letGo();
    await pair.idle();
    expect(pair.workerPipe.sent).toHaveLength(1);
  });
});

describe('a frame', () => {
  test('is never larger than agreed, however many messages a turn has', async () => {
    using pair = create({ maxFrameBytes: 2_000 });
    const texts = Array.from({ length: 20 }, (_, index) =>
      String.fromCharCode(97 + index).repeat(900),
    );
    expect(await Promise.all(texts.map(text => pair.api.echo(text)))).toEqual(texts);
    for (const { length } of [...pair.hostPipe.sent, ...pair.workerPipe.sent]) {
      expect(length).toBeLessThanOrEqual(2_000);
    }
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('is closed when it has grown large, and the calls in it keep what they ask for', async () => {
    using pair = create({});
    const long = 'x'.repeat(100_000);
    const calls = Array.from({ length: 10 }, () => pair.api.echo(long));
    expect(await pair.api.echo(calls[9])).toBe(long);
    expect(await calls[0]).toBe(long);
    expect(pair.hostPipe.sent.length).toBeGreaterThan(2);
  });
});

describe('many answers in one turn', () => {
  test.each([
    ['results', (_n: number, left: number) => left],
    ['results that nobody asked for, and then one', (_n: number, left: number) => left],
    [
      'failures',
      (n: number, left: number) => {
        if (n < 599) throw new Error('no');
        return left;
      },
    ],
  ])('do not wait for the last one: %s', async (what, answer) => {
    using pair = new Loopback({ look: (n: number) => answer(n, pair.workerPipe.sent.length) });
    const calls = Array.from({ length: 600 }, (_, n) => pair.api.look(n));
    if (!what.endsWith('one')) void Promise.allSettled(calls);
    expect(await calls.at(-1)).toBe(2); // frames that had left then
    expect(pair.workerPipe.sent).toHaveLength(3);
  });

  test('do so when an earlier frame has not left yet', async () => {
    using pair = new Loopback({ echo: (value: unknown) => value });
    const echoes = () => Promise.all(Array.from({ length: 600 }, (_, n) => pair.api.echo(n)));
    pair.workerPipe.hold();
    const first = pair.api.echo('first').then(value => value);
    await pair.idle();
    const calls = echoes();
    await pair.idle();
    pair.workerPipe.letGo();
    expect(await first).toBe('first');
    expect(await calls).toHaveLength(600);
    expect(pair.workerPipe.sent).toHaveLength(2);
  });

  test('do so when calls are among them, which are not decided on before their turn ends', async () => {
    const asked: PromiseLike<unknown>[] = [];
    using pair = new Loopback({
      look: (n: number, ask: () => PromiseLike<unknown>) => {
        asked.push(ask());
        return n < 599 ? n : Promise.all(asked);
      },
    });
    const ask = () => 1;
    const calls = Array.from({ length: 600 }, (_, n) => pair.api.look(n, ask));
    expect((await Promise.all(calls)).at(-1)).toEqual(Array.from({ length: 600 }, () => 1));
    expect(pair.workerPipe.sent).toHaveLength(2); // none of which asks for a result
  });
});

describe('bytes of calls that are not answered', () => {
  const large = new Uint8Array(600);
  const few = { maxHeldBytes: 1_000, maxLightBytes: 100 };

  test('are bounded: further calls wait for an answer', async () => {
    using pair = create(few);
    const calls = [1, 2, 3].map(() => pair.api.untilTold(large).then(answer => answer));
    await pair.idle();
    expect(pair.finish).toHaveLength(2);
    pair.finish[0]!();
    await pair.idle();
    expect(pair.finish).toHaveLength(3);
    for (const finish of pair.finish) finish();
    expect(await Promise.all(calls)).toEqual(['told', 'told', 'told']);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('leave room for a call that one of them waits for', async () => {
    using pair = create(few);
    const full = [1, 2].map(() => pair.api.untilTold(large).then(answer => answer));
    await pair.idle();
    const waiting = pair.api.callBack(() => pair.api.echo(1));
    pair.finish[0]!();
    expect(await waiting).toBe(1);
    pair.finish[1]!();
    await Promise.all(full);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('leave room for a light call of a callback, however many are under way', async () => {
    using pair = create({ ...few, maxPendingCalls: 2 });
    const first = pair.api.callBack(() => pair.api.echo('light'));
    const behind = pair.api.untilTold(new Uint8Array(2_500)).then(told => told);
    expect(await first).toBe('light');
    pair.finish[0]!();
    await behind;
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('bound those that a callback has let through, the light ones too', async () => {
    using pair = create({ ...few, maxPendingCalls: 2 });
    const goOn = Promise.withResolvers<void>();
    const served = pair.api.callBack(() => goOn.promise).then(() => 'served');
    await pair.idle();
    const light = new Uint8Array(40);
    const calls = Array.from({ length: 60 }, () => pair.api.untilTold(light).then(told => told));
    await pair.idle();
    const held = pair.finish.length;
    expect(held).toBeGreaterThan(20);
    expect(held).toBeLessThan(60);
    goOn.resolve();
    expect(await served).toBe('served');
    while (pair.finish.length < 60) {
      pair.finish.forEach(finish => finish());
      await pair.idle();
    }
    pair.finish.forEach(finish => finish());
    await Promise.all(calls);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('have more room while calls of the other side are served', async () => {
    using pair = create(few);
    const goOn = Promise.withResolvers<void>();
    const served = pair.api.callBack(() => goOn.promise).then(() => 'served');
    await pair.idle();
    const calls = [1, 2, 3, 4, 5].map(() => pair.api.untilTold(large).then(answer => answer));
    await pair.idle();
    expect(pair.finish).toHaveLength(4);
    goOn.resolve();
    expect(await served).toBe('served');
    while (pair.finish.length < 5) {
      pair.finish.forEach(finish => finish());
      await pair.idle();
    }
    pair.finish.at(-1)!();
    await Promise.all(calls);
    expect(pair.ends.worker).toEqual([]);
  });

  test('do not hold up a light call, which may be what the others need', async () => {
    using pair = create(few);
    const calls = [1, 2].map(() => pair.api.untilTold(large).then(answer => answer));
    expect(await pair.api.echo('light')).toBe('light');
    for (const finish of pair.finish) finish();
    await Promise.all(calls);
    expect(await pair.idle()).toEqual(nothingLive);
  });

  test('are the same on both sides', async () => {
    for (let length = 70; length < 110; length++) {
      using pair = create(few);
      const calls = [1, 2].map(() => pair.api.untilTold(large).then(answer => answer));
      const call = pair.api.echo(new Uint8Array(length)).then(echo => (echo as Uint8Array).length);
      await pair.idle();
      expect(pair.ends.worker).toEqual([]);
      for (const finish of pair.finish) finish();
      expect(await call).toBe(length);
      await Promise.all(calls);
    }
  });

  test('do not keep calls from ending that call each other', async () => {
    using pair = create(few);
    const depths: number[] = [];
    const nested = (value: Uint8Array): unknown =>
      depths.push(value.length) < 8 ? pair.api.callWith(nested, value) : 'deepest';
    expect(await pair.api.callWith(nested, new Uint8Array(5_000))).toBe('deepest');
    expect(depths).toHaveLength(8);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('of one that does not keep to it end the connection', () => {
    using pair = create(few);
    const waits = (id: number) =>
      call(id, 'untilTold', CallFlag.want, bytes(Tag.bytes, 2, count(large.length), large));
    pair.workerPipe.deliver(bytes(waits(1), waits(2)));
    expect(pair.worker.ended).toBeUndefined();
    pair.workerPipe.deliver(waits(3));
    expect(pair.worker.ended).toMatchObject({ error: { code: 'protocol.violation' } });
  });
});

test('calls wait long before what is unsent would end the connection', async () => {
  using pair = create({ maxUnsentBytes: 16_000 });
  pair.hostPipe.hold();
  const text = 'x'.repeat(600);
  const calls = [];
  for (let n = 0; n < 28; n++) {
    calls.push(pair.api.echo(text).then(echo => echo));
    await new Promise(setImmediate);
  }
  expect(pair.ends.host).toEqual([]);
  pair.hostPipe.letGo();
  expect(new Set(await Promise.all(calls))).toEqual(new Set([text]));
  expect(await pair.idle()).toEqual(nothingLive);
});

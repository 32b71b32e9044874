import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { CallFlag, Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { call } from '../../../../support/refusedFrames.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes } from '../../../../support/wireBytes.ts';

function create(maxPendingCalls?: number) {
  const methods = {
    echo: (value: unknown) => value,
    work: async (item: number) => {
      await new Promise(setImmediate);
      return item;
    },
  };
  return new Loopback(methods, {
    limits: maxPendingCalls === undefined ? {} : { maxPendingCalls },
  });
}

describe('a result that is asked for', () => {
  const open = Promise.withResolvers<never>().promise;

  /** What one brings is there when the test says so. */
  function queries() {
    const state = { asked: 0, bring: [] as (() => void)[], refuse: [] as (() => void)[] };
    const query = {
      then(resolve: () => void, reject: (error: Error) => void) {
        state.asked++;
        state.bring.push(resolve);
        state.refuse.push(() => reject(new Error('no')));
      },
    };
    return { state, methods: { make: (): unknown => query, echo: (value: number) => value } };
  }

  function createQueries(maxPendingCalls: number) {
    const { state, methods } = queries();
    return Object.assign(new Loopback(methods, { limits: { maxPendingCalls } }), { state });
  }

  test('counts as a call: further ones, and calls, wait until it is there', async () => {
    using pair = createQueries(2);
    const queries = [0, 1, 2, 3].map(() => pair.api.make());
    await pair.idle();
    const failures = queries.map(query => failureOf(query).catch(() => undefined));
    await pair.idle();
    const behind = failureOf(pair.api.echo(1));
    await pair.idle();
    expect(pair.state.asked).toBe(2);
    pair.state.bring[0]!();
    await pair.idle();
    expect(pair.state.asked).toBe(3);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    pair.host.dispose();
    await Promise.all([...failures, behind]);
  });

  test.each([
    ['comes', 'bring', [Op.result, 1, Tag.undefined]],
    ['fails', 'refuse', [Op.error, 1]],
  ] as const)(
    '%s after the answer to its call, also where that brings it too',
    async (_how, end, answer) => {
      using pair = createQueries(2);
      pair.workerPipe.other = undefined; // its host has not asked for anything
      pair.workerPipe.deliver(bytes(call(1, 'make', CallFlag.want | CallFlag.keep), Op.pull, 1));
      await pair.idle();
      expect(pair.state.asked).toBe(1);
      pair.state[end][0]!();
      await pair.idle();
      expect(pair.state.asked).toBe(1);
      const sent = Buffer.concat(pair.workerPipe.sent);
      const begin = Buffer.from(answer);
      expect(sent.indexOf(begin)).toBe(0);
      expect(sent.indexOf(begin, 1)).toBeGreaterThan(0);
      expect(sent.indexOf(begin, sent.indexOf(begin, 1) + 1)).toBe(-1);
    },
  );

  test('counts also when it was asked for while its call ran', async () => {
    const gate = Promise.withResolvers<number>();
    const { methods, state } = queries();
    const never = () => new Promise<never>(() => undefined);
    const limits = { maxPendingCalls: 2 };
    using pair = new Loopback({ ...methods, never, wait: () => gate.promise }, { limits });
    const make = pair.api.make as unknown as (after: unknown) => PromiseLike<unknown>;
    const made = make(pair.api.wait());
    await pair.idle();
    const failures = [failureOf(made)];
    await pair.idle();
    gate.resolve(1);
    await pair.idle();
    expect(state.asked).toBe(1);
    failures.push(failureOf(pair.api.never()), failureOf(pair.api.never()));
    await pair.idle();
    expect(pair.live.worker.served).toBe(2);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    pair.host.dispose();
    await Promise.all(failures);
  });

  test('makes room for what follows', async () => {
    using pair = create(1);
    const calls = [0, 1, 2, 3].map(item => pair.api.work(item));
    await pair.idle();
    expect(await Promise.all(calls)).toEqual([0, 1, 2, 3]);
    expect(await pair.api.echo(4)).toBe(4);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('may wait for a call of the side that has it, for which there is room then', async () => {
    const answers = (callback: () => unknown) => [callback()];
    using pair = new Loopback({ answers }, { limits: { maxPendingCalls: 1 } });
    const goOn = Promise.withResolvers<void>();
    void pair.api.answers(() => goOn.promise);
    const kept = pair.api.answers(() => (goOn.resolve(), 'second'));
    await pair.idle();
    expect(await kept).toEqual(['second']);
  });

  test('makes no room any more once its answer is on the way', async () => {
    const ask: { now?: () => unknown } = {};
    const query = {
      then(resolve: (value: number) => void) {
        void ask.now!();
        resolve(1);
        queueMicrotask(() => void ask.now!());
      },
    };
    const give = (callback: () => unknown) => void (ask.now = callback);
    const methods = { give, make: (): unknown => query };
    using pair = new Loopback(methods, { limits: { maxPendingCalls: 1 } });
    await pair.api.give(() => open);
    const kept = pair.api.make();
    await pair.idle();
    expect(await kept).toBe(1);
    await pair.idle();
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('does not keep calls from ending that call each other', async () => {
    using pair = new Loopback(
      { ask: async (callback: () => unknown) => await callback() },
      { limits: { maxPendingCalls: 4 } },
    );
    const nested = async (depth: number): Promise<number> => {
      if (depth === 0) return 0;
      const kept = pair.api.ask(() => nested(depth - 1)) as PromiseLike<number>;
      await new Promise(setImmediate);
      return (await kept) + 1;
    };
    expect(await nested(30)).toBe(30);
    expect(await Promise.all([nested(9), nested(9), nested(9)])).toEqual([9, 9, 9]);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('is asked for only where there is room, though its call has ended unknown to this side', async () => {
    const finish: (() => void)[] = [];
    const methods = {
      callBack: (callback: () => unknown) => callback(),
      untilTold: () => new Promise<string>(resolve => finish.push(() => resolve('told'))),
    };
    const limits = { maxPendingCalls: 1, maxWaitingCalls: 5 };
    using pair = new Loopback(methods, { limits });
    const goOn = Promise.withResolvers<string>();
    const first = pair.api.callBack(() => goOn.promise).then(value => value);
    await pair.idle();
    const others = [1, 2, 3].map(() => pair.api.untilTold().then(told => told));
    const kept = pair.api.untilTold();
    await pair.idle();
    goOn.resolve('gone on'); // from now on there are more calls than another one may join
    await first;
    finish[3]!();
    const asked = kept.then(told => told); // while word of its end is on its way
    await pair.idle();
    for (const end of finish) end();
    expect(await asked).toBe('told');
    expect(await Promise.all(others)).toEqual(['told', 'told', 'told']);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('is asked for after what is being sent, when a getter of that does so', async () => {
    using pair = create();
    const kept = pair.api.echo(7);
    await pair.idle();
    const asked: PromiseLike<unknown>[] = [];
    const asking = {
      get value() {
        asked.push(kept.then(value => value));
        return 1;
      },
    };
    expect(await pair.api.echo(asking)).toEqual({ value: 1 });
    expect(await Promise.all(asked)).toEqual([7]);
    const other = pair.api.echo(8);
    await pair.idle();
    const askingAndDropped = {
      get value() {
        asked.push(other.then(value => value));
        return 1;
      },
    };
    const echoed = pair.api.echo(askingAndDropped);
    other[Symbol.dispose]();
    expect(await echoed).toEqual({ value: 1 });
    expect(await Promise.all(asked)).toEqual([7, 8]);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('is not asked for when its call has failed before what is being sent has left', async () => {
    const refuse = () => {
      throw new RangeError('no');
    };
    const ask = async (callback: () => unknown) => void (await callback());
    using pair = new Loopback({ refuse, ask });
    const failures: unknown[] = [];
    const asking = {
      get value() {
        refused.then(undefined, error => failures.push(error));
        return 1;
      },
    };
    const asked = pair.api.ask(() => asking);
    const refused = pair.api.refuse(); // answered in the frame that asks for the object
    await asked;
    expect(failures).toMatchObject([{ message: 'no' }]);
    expect(pair.ends).toEqual({ host: [], worker: [] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('ends the connection when there are too many of them all the same', async () => {
    using pair = createQueries(2);
    const frames = [1, 2, 3].map(id => call(id, 'make', CallFlag.keep));
    pair.workerPipe.deliver(bytes(frames[0]!, frames[1]!));
    pair.workerPipe.deliver(bytes(frames[2]!));
    pair.workerPipe.deliver(bytes(Op.pull, 1, Op.pull, 2, Op.pull, 3));
    expect(pair.worker.ended).toMatchObject({ error: { code: 'protocol.violation' } });
  });
});

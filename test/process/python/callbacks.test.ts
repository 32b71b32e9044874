import { expect, test } from 'vitest';
import { GreenroomError } from '../../../server/shared/errors.ts';
import { byRef } from '../../../server/shared/rpc/values/policy.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { noneLive } from '../../support/loopback.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { failureOf } from '../../support/remote.ts';

const triple = (n: number) => 3 * n;

describePython('a callback from Python', () => {
  test('is called one by one and in one message', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    expect(await workshop.call_back(triple, 4)).toEqual([0, 3, 6, 9]);
    expect(await workshop.call_back_batched(triple, 4)).toEqual([0, 3, 6, 9]);
    const picky = (n: number) => {
      if (n === 1) throw new Error('not one');
      return n;
    };
    expect(await workshop.call_back_settled(picky, 3)).toEqual([0, 'not one', 2]);
    expect(await failureOf(workshop.call_back_batched(picky, 3))).toMatchObject({
      remoteName: 'Error',
      message: 'not one',
    });
  });

  test.each<[unknown, string]>([
    ['ab', "the batch is 'ab'; it takes a list of lists of arguments"],
    [{ a: [1] }, "the batch is {'a': [1]}; it takes a list of lists of arguments"],
    [1, 'the batch is 1; it takes a list of lists of arguments'],
    [[Uint8Array.of(1)], "an item of the batch is b'\\x01'; it takes a list of arguments"],
    [[[1], 'ab'], "an item of the batch is 'ab'; it takes a list of arguments"],
  ])('is not called with %j for a list of lists', async (items, message) => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    let called = 0;
    const calling = workshop.call_back_with(() => called++, items);
    expect(await failureOf(calling)).toMatchObject({
      remoteName: 'TypeError',
      message,
    });
    expect(called).toBe(0);
  });

  test('calls the worker in turn, as deep as it likes', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const multiply = (n: number): PromiseLike<number> => workshop.factorial(n, multiply);
    expect(await workshop.factorial(15, multiply)).toBe(1_307_674_368_000);
    const sum = async (n: number): Promise<number> =>
      n === 0 ? 0 : n + ((await workshop.call_back(() => sum(n - 1), 1))[0] as number);
    expect(await sum(60)).toBe(1_830);
  });

  test('answers with a result that its own worker is still to bring', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const pipelined = (n: number) => ({ sum: workshop.add(workshop.echo(n), 1) });
    expect(await workshop.call_back(pipelined, 2)).toEqual([{ sum: 1 }, { sum: 2 }]);
    const failing = () => ({ sum: workshop.fail('no') });
    expect(await failureOf(workshop.call_back(failing, 1))).toMatchObject({
      message: "'fail' failed: no",
    });
  });

  test('does not deadlock among thousands of calls that each call back', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const nested = async (n: number) => (await workshop.echo(n)) as number;
    const calls = Array.from({ length: 5_000 }, () => workshop.call_back(nested, 2));
    expect(await Promise.all(calls)).toEqual(calls.map(() => [0, 1]));
  });

  test('is called from any thread of the tool', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const nested = async (n: number) => (await workshop.echo(n * 2)) as number;
    expect(await workshop.call_back_from_thread(nested)).toEqual([10]);
  });

  test('that throws raises there and comes back as itself', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const throwing = () => {
      throw Object.assign(new TypeError('not today'), { code: 'ENOTTODAY', errno: -5 });
    };
    expect(await failureOf(workshop.wait_for(throwing))).toMatchObject({
      remoteName: 'TypeError',
      remoteCode: 'ENOTTODAY',
      message: 'not today',
      errno: -5,
      remoteStack: expect.stringMatching(
        /^TypeError: not today\n {4}at throwing [^]*in wait_for/u,
      ) as string,
    });
  });

  test.each([404, 0, -1.5])('that throws with the code %d comes back with it', async code => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const throwing = () => {
      throw Object.assign(new Error('no'), { code });
    };
    expect(await failureOf(workshop.wait_for(throwing))).toMatchObject({ remoteCode: code });
  });

  test('that failed because of another call comes back with its name', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const throwing = () => {
      throw new GreenroomError('call.failed', 'no').of('open');
    };
    expect(await failureOf(workshop.wait_for(throwing))).toMatchObject({
      failedCall: 'open',
      message: "'open' failed: no",
    });
  });
});

describePython('an object of the host', () => {
  class Thing {
    constructor(readonly size: number) {}
    double() {
      return this.size * 2;
    }
  }
  class File {
    constructor(private readonly path: string) {}
    name() {
      return `${this.path}.txt`;
    }
    read() {
      return `the text of ${this.path}`;
    }
  }

  test('has its members read, written, called and constructed', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const host = { limit: 4, Thing, nested: { deep: () => 'deep' } };
    expect(await workshop.use_members(byRef(host))).toEqual([5, 5, 10, 'deep']);
    expect(host.limit).toBe(5);
  });

  test('brings results that can be used before they are there', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const host = {
      open: (path: string) => new File(path),
      measure: (file: File) => file.read().length,
    };
    expect(await workshop.call_back_pipelined(byRef(host))).toEqual(['the text of a', 'a.txt', 13]);
    (workshop as unknown as Disposable)[Symbol.dispose]();
    await expect.poll(async () => (await session.live()).worker).toEqual(noneLive);
    expect((await session.live()).host).toMatchObject({ objects: 0, kept: 0, served: 0 });
  });
});

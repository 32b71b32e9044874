import { expect, test } from 'vitest';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';

type Callback = () => unknown;

interface MainThread {
  order_of(hasRoom: boolean, isPatient: boolean): readonly (number | null)[];
  asks(depth: number, sleeps: number, cameBefore: number | null): readonly (number | string)[];
  says_between_calls(isWoken: boolean, isCrowded: boolean): readonly (number | string)[];
  flood(callback: Callback, times: number): void;
  wait_with_alarm(wait: Callback, alarm: Callback): readonly unknown[];
  CallsWhenItGoes: new (callback: Callback) => object;
  call(callback: Callback): unknown;
  call_at_the_end_of_the_stack(callback: Callback): unknown;
  echo(value: unknown): unknown;
  need_room(): string;
  get_without_room(callback: Callback): unknown;
}

const load = (session: PythonSession) => session.load<MainThread>(supportProgram('mainThread.py'));

describePython('deep down, a Python worker that waits', () => {
  test.each([
    ['the newest first where it is patient', true, true, [3, 2, null]],
    ['the oldest first now and then', true, false, [1, 2, 3]],
    ['only what came since, where there is no room', false, true, [3, null, null]],
    ['what came since it asked as well, now and then', false, false, [3, 2, null]],
  ] as const)('serves %s', async (_what, hasRoom, isPatient, order) => {
    await using session = new PythonSession();
    expect(await load(session).order_of(hasRoom, isPatient)).toEqual(order);
  });

  test.each([
    ['all where it is not deep', 31, 1, [0, '50 ms']],
    ['what came since first, then what came since it asked', 32, 1, [2, 1, '50 ms']],
    ['what came since the wait began, if nothing else is told', 32, null, [2, 2, '50 ms']],
  ] as const)('looks for %s', async (_what, depth, cameBefore, asked) => {
    await using session = new PythonSession();
    expect(await load(session).asks(depth, 1, cameBefore)).toEqual(asked);
  });

  test('is patient again when it has looked at the others', async () => {
    await using session = new PythonSession();
    const patient = [2, 1, '50 ms'];
    expect(await load(session).asks(32, 3, 1)).toEqual([...patient, 0, '50 ms', 0, '50 ms']);
  });

  test('serves what came since it asked, also without room, and leaves the rest for later', async () => {
    await using session = new PythonSession();
    const main = load(session);
    let depth = 0;
    let behind: PromiseLike<unknown> | undefined;
    const deeper = (): unknown => {
      if (++depth < 33) return main.call(deeper);
      const innermost = main.get_without_room(() => main.echo('came since'));
      behind = main.need_room().then(value => value);
      return innermost;
    };
    expect(await main.call(deeper)).toBe('came since');
    expect(await behind).toBe('had room');
  });

  test('serves an older one, for which others wait, however many newer ones come', async () => {
    await using session = new PythonSession();
    const main = load(session);
    const deep = 32;
    /** More than come while it is patient. */
    const most = 200_000;
    const { promise, resolve } = Promise.withResolvers<void>();
    let [depth, newer] = [0, 0];
    const flood: Promise<void>[] = [];
    let isOver = false;
    const keepCalling = async () => {
      while (!isOver && newer++ < most) await main.echo('newer');
    };
    const wait = () => {
      if (++depth === deep) flood.push(...Array.from({ length: 1_000 }, keepCalling));
      return promise;
    };
    const calls = Array.from({ length: deep }, () => main.call(wait));
    await main.echo('older');
    isOver = true;
    expect(newer).toBeLessThan(most);
    resolve();
    await Promise.all([...calls, ...flood]);
  });
});

describePython('a Python worker between two calls', () => {
  const sends = [1, 'flush', 2, 'flush'];
  test.each([
    ['sends what the first has said', false, false, sends],
    [
      'leaves that to another thread when there is more to do',
      true,
      false,
      [1, 'send soon', 2, 'send soon'],
    ],
    ['sends it all the same when much waits for the host to read', true, true, sends],
  ] as const)('%s', async (_what, isWoken, isCrowded, said) => {
    await using session = new PythonSession();
    expect(await load(session).says_between_calls(isWoken, isCrowded)).toEqual(said);
  });
});

describePython('a Python worker whose threads call without end', () => {
  test('serves the host meanwhile', async () => {
    await using session = new PythonSession();
    const main = load(session);
    const [times, threads] = [20_000, 4];
    let called = 0;
    await main.flood(() => ++called, times);
    expect(await main.echo('meanwhile')).toBe('meanwhile');
    expect(called).toBeLessThan(times * threads);
  });
});

describePython('a Python tool that waits', () => {
  test('goes on also when what it waits for comes while its signal handler waits', async () => {
    await using session = new PythonSession();
    const { promise, resolve } = Promise.withResolvers<string>();
    const main = load(session);
    const alarm = async () => {
      resolve('waited');
      return main.echo('heard'); // after that has come
    };
    expect(await main.wait_with_alarm(() => promise, alarm)).toEqual(['waited', 'heard', 'heard']);
  });
});

describePython('Python objects that call the host when they go', () => {
  test('hold up nothing, however many go at once', async () => {
    await using session = new PythonSession();
    const main = load(session);
    const many = 30;
    const echoes: PromiseLike<unknown>[] = [];
    const { promise: haveGone, resolve } = Promise.withResolvers<void>();
    const callback = () => {
      if (echoes.push(main.echo('gone').then(text => text)) === many) resolve();
    };
    const made = Array.from({ length: many }, () => new main.CallsWhenItGoes(callback));
    for (const object of await Promise.all(made)) {
      (object as unknown as Disposable)[Symbol.dispose]();
    }
    await haveGone;
    expect(await Promise.all(echoes)).toEqual(Array(many).fill('gone'));
  });
});

describePython('a Python tool at the end of its stack', () => {
  test('calls the host where there is room for that, and nothing is left behind', async () => {
    await using session = new PythonSession();
    let times = 0;
    expect(await load(session).call_at_the_end_of_the_stack(() => ++times)).toBe(1);
    expect((await session.live()).worker.calls).toBe(0);
    expect(session.process.output.stderr).toBe('');
  });
});

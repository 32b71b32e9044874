import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  BatchError,
  byRef,
  byValue,
  createLog,
  writable,
  type RemoteError,
} from '../../extension/api.ts';
import { nothingLive } from '../support/loopback.ts';
import { Project } from '../support/project.ts';
import { isAlive } from '../support/sessions.ts';
import type { Spoilt } from '../fixtures/modules/workshop.mjs';
import { Modules, workshopFile, type Workshop } from '../support/modules.ts';

/** Results can be called, and what can be called is called by `expect`. */
const whole = <T>(result: PromiseLike<T>): Promise<T> => Promise.resolve(result);

describe('a module in a session', () => {
  test('is constructed, called, read and written through references, in one go', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    using workshop = session.load<Workshop>(workshopFile);
    const counter = new workshop.Counter(5);
    const child = counter.child();
    expect(await child.increment(2)).toBe(7);
    expect(await counter.plus(child)).toBe(12);
    expect(await workshop.limits.most).toBe(10);
    writable(workshop.limits).most = 11;
    expect(await workshop.limits.most).toBe(11);
  });

  test('runs in another process, and the same one for callers with the same key', async () => {
    await using modules = new Modules();
    using one = await modules.open();
    using other = await modules.open();
    const pids = [one, other].map(session => session.load<Workshop>(workshopFile).pid());
    const [first, second] = await Promise.all(pids);
    expect(first).toBe(second);
    expect(first).not.toBe(process.pid);
  });

  test('asked for with policies that say nothing is the same as without', async () => {
    await using modules = new Modules();
    using one = await modules.open({ policies: {} });
    using other = await modules.open({ policies: { types: [] } });
    using third = await modules.open();
    const pids = [one, other, third].map(session => session.load<Workshop>(workshopFile).pid());
    expect(new Set(await Promise.all(pids)).size).toBe(1);
  });

  test('asked for with the same key and other options is a conflict that names both', async () => {
    await using modules = new Modules();
    using _session = await modules.open({ keepaliveMs: 1_000 });
    await expect(modules.open({ keepaliveMs: 2_000 })).rejects.toMatchObject({
      code: 'session.conflict',
      message:
        "a session with the share key 'test' runs with other options: keepaliveMs is 1000, asked for 2000",
    });
  });

  test('fails as itself: class, code, message, its own stack, and that of who waits for it here', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const { fail } = session.load<Workshop>(workshopFile);
    async function whoeverWaits() {
      await fail('no more wood');
    }
    const error = (await whoeverWaits().catch((reason: unknown) => reason)) as RemoteError;
    expect(error).toMatchObject({
      remoteName: 'RangeError',
      remoteCode: 'EWORKSHOP',
      message: 'no more wood',
      remoteStack: expect.stringContaining('workshop.mjs') as string,
      stack: expect.stringContaining('whoeverWaits') as string,
    });
  });

  test('is not started where there is no folder to run in', async () => {
    await using modules = new Modules();
    await expect(modules.open({ cwd: workshopFile })).rejects.toMatchObject({
      code: 'session.launch',
      message: expect.stringContaining(
        `${workshopFile}, in which it is to run, is no folder`,
      ) as string,
    });
  });

  test.each(['off', 'preferred'] as const)(
    'is not started by a program of whose name there is none: confinement %s',
    async mode => {
      await using modules = new Modules();
      const interpreter = 'pythonX';
      const opening = modules.open({ runtime: 'python', interpreter, confinement: { mode } });
      await expect(opening).rejects.toMatchObject({
        code: 'session.launch',
        message: expect.stringContaining(
          'the program pythonX cannot be run; is greenroom.python.interpreter right, or the option `interpreter`?',
        ) as string,
      });
    },
  );

  test('that cannot be parsed is told with the file and the line, also one that it imports', async () => {
    await using modules = new Modules();
    using project = new Project({
      'bad.mjs': 'export const a = 1;\nexport const b = = 2;\n',
      'importer.mjs': "import './bad.mjs';\n",
      'waiting.mjs': "import './importer.mjs';\nawait 1;\n",
      'bad.cjs': 'exports.a = 1;\nconst b = = 2;\n',
      'requirer.cjs': "require('./bad.cjs');\n",
      'throws.mjs': "globalThis.times = (globalThis.times ?? 0) + 1;\nJSON.parse('{');\n",
      'times.mjs': 'export const times = () => globalThis.times;\n',
    });
    using session = await modules.open({ cwd: project.root });
    const failureOf = async (name: string) =>
      whole(session.load(project.path(name))).catch((error: RemoteError) => error.message);
    const esm = `Unexpected token '=' (${project.path('bad.mjs')}:2:18)`;
    for (const name of ['importer.mjs', 'waiting.mjs', 'bad.mjs', 'bad.mjs']) {
      expect(await failureOf(name)).toBe(`could not load ${project.path(name)}: ${esm}`);
    }
    for (const name of ['requirer.cjs', 'bad.cjs']) {
      const where = `(${project.path('bad.cjs')}:2)`;
      expect(await failureOf(name)).toContain(`Unexpected token '=' ${where}`);
    }
    expect(await failureOf('throws.mjs')).not.toMatch(/mjs:\d/u);
    const { times } = session.load<{ times(): number }>(project.path('times.mjs'));
    expect(await times()).toBe(1); // nothing is run for the sake of the message
    project.write('bad.mjs', 'export const b = 2;\n');
    expect(await session.load<{ b: number }>(project.path('bad.mjs')).b).toBe(2);
  });

  test('that is not there, or exports no such thing, is a clear error', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    await expect(whole(session.load(workshopFile, 'Lathe'))).rejects.toMatchObject({
      code: 'tool.load',
      message: expect.stringContaining("exports no object or function 'Lathe'") as string,
    });
    expect(() => session.load('/nowhere/module.mjs')).toThrow('/nowhere/module.mjs');
  });

  test('leaves no reference behind on either side once everything is released', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    {
      using loaded = session.load<Workshop>(workshopFile);
      using workshop = await loaded;
      using counter = await new workshop.Counter();
      using child = await counter.child();
      await child.increment();
      await workshop.callBackOnce((n: number) => n);
    }
    await expect.poll(() => session.liveReferences()).toEqual(nothingLive);
  });

  test('counts what is left whatever the policies say', async () => {
    await using modules = new Modules();
    const types = [{ type: 'Object', passing: 'reference' }] as const;
    using session = await modules.open({ policies: { types, objects: 'reference' } });
    expect(await session.liveReferences()).toEqual(nothingLive);
  });
});

describe('a session', () => {
  test('can be closed again, or after it was lost, without an error of its own', async () => {
    await using modules = new Modules();
    const session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    process.kill(await workshop.pid(), 'SIGKILL');
    await expect(whole(workshop.never())).rejects.toThrow();
    await session.close();
    await session.close();
  });

  test('that is given back lets the calls under way finish, and one that is closed does not', async () => {
    await using modules = new Modules();
    const { promise: isLate, resolve } = Promise.withResolvers<void>();
    const back = await modules.open({ shareKey: 'back', keepaliveMs: 0 });
    const closed = await modules.open();
    const [first, second] = [back, closed].map(session => session.load<Workshop>(workshopFile));
    await Promise.all([first!.pid(), second!.pid()]);
    const finished = whole(first!.callBack(() => isLate, 1));
    const cutOff = whole(second!.callBack(() => isLate, 1));
    back[Symbol.dispose]();
    const closing = closed.close();
    await expect(cutOff).rejects.toMatchObject({ code: 'session.closed' });
    await closing;
    resolve();
    expect(await finished).toEqual([undefined]);
  });

  test('that is closed runs nothing more of a tool whose callback this cuts off', async () => {
    await using modules = new Modules();
    using project = new Project();
    const session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const isCalled = Promise.withResolvers<void>();
    const callback = () => {
      isCalled.resolve();
      return new Promise(() => undefined);
    };
    const cutOff = whole(workshop.noteFailure(callback, project.path('note')));
    await isCalled.promise;
    const closing = session.close();
    await expect(cutOff).rejects.toMatchObject({ code: 'session.closed' });
    await closing;
    expect(project.entries).toEqual([]);
  });

  test.each<Spoilt>(['exit', 'exitListener', 'errorOutput'])(
    'ends by itself, whatever a tool has made of the process: %s',
    async spoilt => {
      await using modules = new Modules({ policy: { endStepMs: 3_600_000 } }); // nobody ends it
      const session = await modules.open();
      const workshop = session.load<Workshop>(workshopFile);
      await workshop.spoil(spoilt, () => undefined);
      await session.close();
    },
  );

  test('ends by itself as well when it cannot even tell that its channel is broken', async () => {
    await using modules = new Modules({ policy: { endStepMs: 3_600_000 } });
    const session = await modules.open();
    const { spoil } = session.load<Workshop>(workshopFile);
    await expect(whole(spoil('channel', () => undefined))).rejects.toMatchObject({
      code: 'session.lost',
    });
    await session.close();
  });

  test.each([60_000, 0])(
    'with a keepalive of %d ms that is closed has gone then, and its calls have failed',
    async keepaliveMs => {
      await using modules = new Modules();
      const session = await modules.open({ keepaliveMs });
      const workshop = session.load<Workshop>(workshopFile);
      const pid = await workshop.pid();
      const ends: unknown[] = [];
      whole(workshop.never()).catch((error: unknown) => ends.push(error));
      await session.close();
      expect(isAlive(pid)).toBe(false);
      expect(ends).toMatchObject([{ code: 'session.closed' }]);
    },
  );

  test('that was given back loads nothing more', async () => {
    await using modules = new Modules();
    const session = await modules.open();
    session[Symbol.dispose]();
    expect(() => session.load(workshopFile)).toThrow('open it again');
  });
});

describe('a policy', () => {
  test('of the session, of a type and of a call decides how objects come back, the nearest first', async () => {
    await using modules = new Modules();
    const types = [{ type: 'Point', passing: 'value' }] as const;
    using session = await modules.open({ policies: { types, objects: 'reference' } });
    using workshop = session.load<Workshop>(workshopFile);
    expect(await workshop.point()).toEqual({ x: 1, y: 2 });
    const reference = await workshop.point.with({ result: 'reference' })();
    expect(await reference.x).toBe(1);
    expect(await workshop.echo.with({ args: 'value', result: 'value' })({ a: 1 })).toEqual({
      a: 1,
    });
    const back = { a: 1 };
    expect(await workshop.echo(back)).toBe(back);
  });

  test('is told with the rule that decided', async () => {
    class Blueprint {}
    await using modules = new Modules();
    const types = [{ type: Blueprint, passing: 'value' }] as const;
    using session = await modules.open({ policies: { types } });
    expect([
      session.policyOf(new Blueprint()),
      session.policyOf(new Blueprint(), 'reference'),
      session.policyOf({}),
      session.policyOf(() => 1),
      session.policyOf(byRef({})),
      session.policyOf(byValue(new Blueprint())),
    ]).toEqual([
      { passing: 'value', source: 'type', type: 'Blueprint' },
      { passing: 'reference', source: 'call' },
      { passing: 'value', source: 'nature' },
      { passing: 'reference', source: 'nature' },
      { passing: 'reference', source: 'mark' },
      { passing: 'value', source: 'mark' },
    ]);
    expect(() => session.policyOf(5 as never)).toThrow(
      new TypeError('value is 5; it takes an object or a function'),
    );
  });
});

describe('a callback', () => {
  const triple = (n: number) => 3 * n;

  test('is called back one by one, in one message, and while the worker waits', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const expected = [0, 3, 6, 9];
    expect(await workshop.callBack(triple, 4)).toEqual(expected);
    expect(await workshop.callBackBatched(triple, 4)).toEqual(expected);
    expect(await workshop.callBackSync(triple, 4)).toEqual(expected);
    const later = async (n: number) => {
      await new Promise(setImmediate);
      return triple(n);
    };
    expect(await workshop.callBackSync(later, 4)).toEqual(expected);
  });

  test('that throws while the worker waits throws there, and comes back as itself', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const { callBackSync } = session.load<Workshop>(workshopFile);
    const throwing = () => {
      throw new TypeError('not today');
    };
    await expect(whole(callBackSync(throwing, 1))).rejects.toMatchObject({ message: 'not today' });
  });

  test('that fails, and for which the module does not wait, is told in the log once', async () => {
    const lines: string[] = [];
    await using modules = new Modules({ log: createLog((_level, line) => void lines.push(line)) });
    const session = await modules.open();
    const { promise: isCalled, resolve } = Promise.withResolvers<void>();
    await session.load<Workshop>(workshopFile).report(() => {
      resolve();
      throw new Error('not today');
    });
    await isCalled;
    await session.close();
    expect(lines.filter(line => line.includes('not today'))).toEqual([
      expect.stringContaining(
        'stream="stderr" line="Warning: \'the function\' failed, and nobody has asked for its result: not today"',
      ) as string,
    ]);
  });

  test('that calls the worker which waits for it is told so instead of waiting for ever', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const deadlock = async (n: number) => {
      await new Promise(setImmediate);
      return workshop.echo(n);
    };
    await expect(whole(workshop.callBackSync(deadlock, 1))).rejects.toMatchObject({
      code: 'call.deadlock',
    });
    expect(await workshop.echo(1)).toBe(1);
  });

  test('that calls it by way of another session, which waits as well, is told so too', async () => {
    await using modules = new Modules();
    using one = await modules.open();
    using other = await modules.open({ shareKey: 'other' });
    const [first, second] = [one, other].map(session => session.load<Workshop>(workshopFile));
    const backToTheFirst = async (n: number) => first!.echo(n);
    const byTheSecond = async (n: number) => second!.callBackSync(backToTheFirst, n + 1);
    await expect(whole(first!.callBackSync(byTheSecond, 1))).rejects.toMatchObject({
      message: expect.stringContaining('the callback cannot call the session') as string,
    });
    // What the other has done for somebody else keeps nobody waiting.
    const twice = async (n: number) => second!.callBackSync((m: number) => m * 2, n + 2);
    expect(await first!.callBackSync(twice, 2)).toEqual([
      [0, 2],
      [0, 2, 4],
    ]);
  });

  test('that meet, each calling the session that waits for the other, end with one of them told', async () => {
    await using modules = new Modules();
    using one = await modules.open();
    using other = await modules.open({ shareKey: 'other' });
    const [first, second] = [one, other].map(session => session.load<Workshop>(workshopFile));
    const { promise: bothWait, resolve } = Promise.withResolvers<void>();
    let waiting = 0;
    const meet = async (there: typeof first) => {
      if (++waiting === 2) resolve();
      await bothWait;
      return there!.echo(7);
    };
    const ends = await Promise.allSettled([
      first!.callBackSync(() => meet(second), 1),
      second!.callBackSync(() => meet(first), 1),
    ]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends).toContainEqual({ status: 'fulfilled', value: [7] });
  });

  test('that waits for a call which was made before is told so', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const earlier = whole(workshop.later(50));
    const asked = workshop.later(50);
    const kept = workshop.echo(workshop.later(50));
    for (const result of [asked, kept]) {
      const waiting = workshop.callBackSync(async () => void (await result), 1);
      await expect(whole(waiting)).rejects.toMatchObject({
        code: 'call.deadlock',
        message: expect.stringContaining('which the session has not answered') as string,
      });
    }
    await Promise.all([earlier, asked, kept]);
  });

  test('may wait for a call that was made before and answered', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    await workshop.pid(); // the module is loaded
    for (const size of [1, 1_000, 60_000]) {
      const earlier = [workshop.echo(size), workshop.filled(size, 7)] as const;
      const outside = Promise.all(earlier); // asked for, so the answers are on their way
      const results = async () => [await earlier[0], (await earlier[1]).length];
      expect(await workshop.callBackSync(results, 1)).toEqual([[size, size]]);
      expect(await outside).toHaveLength(2);
    }
  });

  test('that waits for another session, which waits for an earlier call, is told so too', async () => {
    await using modules = new Modules();
    using one = await modules.open();
    using other = await modules.open({ shareKey: 'other' });
    const [first, second] = [one, other].map(session => session.load<Workshop>(workshopFile));
    const earlier = first!.later(50);
    const byTheSecond = async (n: number) => second!.callBackSync(() => earlier, n + 1);
    await expect(whole(first!.callBackSync(byTheSecond, 1))).rejects.toMatchObject({
      message: expect.stringContaining("cannot wait for 'later'") as string,
    });
    await earlier;
  });

  test('is not taken for what ordinary callbacks do, for which nobody need wait', async () => {
    await using modules = new Modules();
    using one = await modules.open();
    using other = await modules.open({ shareKey: 'other' });
    const [first, second] = [one, other].map(session => session.load<Workshop>(workshopFile));
    const { promise: isReported, resolve } = Promise.withResolvers<void>();
    let echoed: PromiseLike<unknown> | undefined;
    const byTheSecond = async () => {
      await second!.report((n: number) => {
        echoed = whole(first!.echo(n));
        resolve();
      });
      await isReported;
    };
    await first!.callBackSync(byTheSecond, 1);
    expect(await echoed).toBe(1);
  });

  test('that waits for an ordinary one, which waits for the worker, ends by a deadline and is told of', async () => {
    const lines: string[] = [];
    const log = createLog((level, line) => void (level === 'warn' && lines.push(line)));
    await using modules = new Modules({ log, policy: { heldUpMs: 100 } });
    using one = await modules.open();
    using other = await modules.open({ shareKey: 'other' });
    const [first, second] = [one, other].map(session => session.load<Workshop>(workshopFile));
    await second!.pid(); // its module is loaded
    const callback = (n: number) => first!.echo.with({ deadlineMs: 500 })(n);
    const byTheSecond = async () => second!.callBack(callback, 1);
    await expect(whole(first!.callBackSync(byTheSecond, 1))).rejects.toMatchObject({
      code: 'call.failed',
      remoteCode: 'call.deadline',
    });
    expect(lines).toEqual([
      expect.stringMatching(
        /^a session waits for a callback.+session=.+seconds=0.1 calls="callBackSync, echo"$/u,
      ),
    ]);
    expect(await first!.echo(1)).toBe(1);
  });

  test('is not taken for what is done by a session that it opens', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const first = session.load<Workshop>(workshopFile);
    const { promise: isCalled, resolve } = Promise.withResolvers<void>();
    const calls: PromiseLike<unknown>[] = [];
    await first.callBackSync(async () => {
      const other = await modules.open({ shareKey: 'other' });
      const callback = (n: number) => {
        resolve();
        return first.echo(n + 5);
      };
      calls.push(other.load<Workshop>(workshopFile).callBack(callback, 1));
      await isCalled;
    }, 1);
    expect(await calls[0]).toEqual([5]);
  });

  test('may call the worker that does not wait for it', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    expect(await workshop.callBack((n: number) => workshop.echo(n + 1), 3)).toEqual([1, 2, 3]);
  });
});

describe('large bytes', () => {
  const mebibyte = 1024 * 1024;

  test('arrive as they were in both directions, again and again', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    for (const size of [mebibyte, 3 * mebibyte + 1, 70_000, mebibyte]) {
      const bytes = new Uint8Array(size).fill(7);
      expect(await workshop.checksum(bytes)).toBe((size * 7) % 65_521);
      expect(Buffer.compare(await workshop.filled(size, 9), Buffer.alloc(size, 9))).toBe(0);
    }
    const several = [1, 2, 3].map(byte => new Uint8Array(mebibyte).fill(byte));
    const back = await workshop.mirror(...several);
    expect(back.map((bytes, index) => Buffer.compare(bytes, several[index]!))).toEqual([0, 0, 0]);
  });
});

describe('giving up', () => {
  test('reaches a module that is still being loaded, and the next one gets another session', async () => {
    await using modules = new Modules({ policy: { graceMs: 100 } });
    const endless = path.join(path.dirname(workshopFile), 'endless.mjs');
    const controller = new AbortController();
    const opening = modules.open({ module: endless, signal: controller.signal });
    using before = await modules.open();
    const { pid } = await before.load<Workshop>(workshopFile);
    const first = await pid();
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'call.cancelled' });
    await expect
      .poll(async () => {
        using after = await modules.open();
        return await after.load<Workshop>(workshopFile).pid();
      })
      .not.toBe(first);
  });

  test('reaches the tool by the signal that was passed to it, and the session stays', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const pid = await workshop.pid();
    const controller = new AbortController();
    const call = whole(workshop.untilStopped(controller.signal));
    await workshop.pid(); // what was called before has begun
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'call.cancelled' });
    await expect.poll(async () => (await session.liveReferences()).host.calls).toBe(0);
    expect(await workshop.pid()).toBe(pid);
  });

  test('on a call that goes on costs it its session, and the next one works', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const { never } = session.load<Workshop>(workshopFile);
    await expect(whole(never.with({ deadlineMs: 100 })())).rejects.toMatchObject({
      code: 'call.deadline',
    });
    using next = await modules.open();
    expect(await next.load<Workshop>(workshopFile).echo('still here')).toBe('still here');
  });

  test('on a call that goes on lets the others finish before the session is replaced', async () => {
    await using modules = new Modules({ policy: { graceMs: 100 } });
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const first = await workshop.pid();
    const { promise: isReplaced, resolve: tellReplaced } = Promise.withResolvers<void>();
    const bystander = whole(workshop.callBack(() => isReplaced, 1));
    const never = whole(workshop.never.with({ deadlineMs: 100 })());
    await expect(never).rejects.toMatchObject({ code: 'call.deadline' });
    await expect
      .poll(async () => {
        using after = await modules.open();
        return await after.load<Workshop>(workshopFile).pid();
      })
      .not.toBe(first);
    tellReplaced();
    expect(await bystander).toEqual([undefined]);
    await expect.poll(() => isAlive(first)).toBe(false);
  });

  test('on a call that goes on is what the others are told whose time is over', async () => {
    await using modules = new Modules({ policy: { graceMs: 50, drainMs: 50 } });
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    const bystander = whole(workshop.never());
    const never = whole(workshop.never.with({ deadlineMs: 50 })());
    await expect(never).rejects.toMatchObject({ code: 'call.deadline' });
    await expect(bystander).rejects.toMatchObject({
      code: 'session.lost',
      message: 'the session was ended: a call that was given up went on',
    });
  });

  test('a process that ends in the middle ends every call once, those that wait for it as well', async () => {
    await using modules = new Modules();
    using session = await modules.open();
    const workshop = session.load<Workshop>(workshopFile);
    await workshop.pid();
    const calls = [
      workshop.never(),
      workshop.callBack(() => workshop.exit(3), 2),
      workshop.echo.batch([[1], [2]]),
    ];
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    using next = await modules.open();
    expect(await next.load<Workshop>(workshopFile).echo(1)).toBe(1);
  });
});

test('a process that is killed while it waits for a callback fails its call, and nobody waits on', async () => {
  await using modules = new Modules();
  using session = await modules.open();
  const workshop = session.load<Workshop>(workshopFile);
  const pid = await workshop.pid();
  const waiting = workshop.callBackSync(async () => {
    process.kill(pid, 'SIGKILL');
    return new Promise<number>(() => undefined);
  }, 1);
  await expect(whole(waiting)).rejects.toMatchObject({ code: 'session.lost' });
});

test('a batch stops at the first failure and tells what the items before it have brought', async () => {
  await using modules = new Modules();
  using session = await modules.open();
  const { callBackBatched, echo } = session.load<Workshop>(workshopFile);
  const failing = (n: number) => {
    if (n === 2) throw new Error('two');
    return n;
  };
  await expect(whole(callBackBatched(failing, 4))).rejects.toMatchObject({ message: 'two' });
  expect(await echo.batch([['a'], ['b']])).toEqual(['a', 'b']);
  const error = await session
    .load<Workshop>(workshopFile)
    .fail.batch([['one'], ['two']])
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BatchError);
  expect(error).toMatchObject({ index: 0, results: [], message: 'one' });
});

import { expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../../server/shared/protocol/version.ts';
import { writable } from '../../../server/shared/rpc/remoteTypes.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { nothingLive } from '../../support/loopback.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { Project } from '../../support/project.ts';
import { failureOf, type Remote } from '../../support/remote.ts';

describePython('a Python worker', () => {
  test('says who it is', async () => {
    await using session = new PythonSession();
    expect(await session.hello).toEqual({
      protocol: PROTOCOL_VERSION,
      pid: expect.any(Number) as number,
      runtime: 'python',
      runtimeVersion: expect.stringMatching(/^3\.\d+\.\d+$/u) as string,
    });
  });

  test('ends when the host says goodbye', async () => {
    await using session = new PythonSession();
    await session.hello;
    expect(await session.end()).toEqual({ code: 0, signal: null });
    expect(session.process.output.stderr).toBe('');
  });

  test('ends when the host closes the channel', async () => {
    await using session = new PythonSession();
    await session.hello;
    session.process.channel.destroy();
    expect(await session.process.exited).toEqual({ code: 0, signal: null });
  });

  test('does not know every tool, and says so', async () => {
    await using session = new PythonSession();
    const spec = { name: 'whisper', directory: '/', origin: 'project', root: '/', ignoreRoots: [] };
    expect(await failureOf(session.root.openTool({ ...spec, trusted: true }))).toMatchObject({
      code: 'tool.notFound',
      message: "this worker has no tool 'whisper'",
    });
    expect(await failureOf(session.root.openTool(spec))).toMatchObject({
      remoteName: 'ValueError',
    });
  });
});

interface Nowhere {
  missing: PromiseLike<unknown> & {
    (): PromiseLike<unknown>;
    further: PromiseLike<unknown>;
  };
  Missing: new () => PromiseLike<unknown>;
  limits: Record<string, PromiseLike<unknown> & Record<string, PromiseLike<unknown>>>;
}

interface Uncallable {
  limits: Call & { most: Call };
  missing: Call;
  Counter: new () => { child(): Call };
}

type Call = () => PromiseLike<unknown>;

describePython('a Python module in a session', () => {
  test('is constructed, called, read and written through references, in one go', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const counter = new workshop.Counter(5);
    const child = counter.child();
    expect(await child.increment(2)).toBe(7);
    expect(await counter.plus(child)).toBe(12);
    expect(await counter.count).toBe(5);
    expect(await workshop.limits.most).toBe(10);
    writable(workshop.limits).most = 11;
    expect(await workshop.limits.most).toBe(11);
    expect(await (workshop.limits.list as unknown as Record<string, unknown>)['1']).toBe('one');
  });

  test('brings undefined for a member that is not there, which leads nowhere', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile) as unknown as Nowhere;
    expect(await workshop.missing).toBeUndefined();
    expect(await workshop.limits['missing']).toBeUndefined();
    expect(await workshop.limits['list']!['2']).toBeUndefined();
    for (const call of [workshop.missing.further, workshop.missing(), new workshop.Missing()]) {
      expect(await failureOf(call)).toMatchObject({ code: 'call.unknownMethod' });
    }
  });

  test('says what is called that cannot be', async () => {
    await using session = new PythonSession();
    const { limits, missing, Counter } = session.load<Workshop>(
      workshopFile,
    ) as unknown as Uncallable;
    const calls: [PromiseLike<unknown>, string][] = [
      [limits(), "'limits' is not a function"],
      [limits.most(), "'most' is not a function"],
      [missing(), "there is no member 'missing'"],
      [new Counter().child()(), 'what was called is not a function'],
    ];
    for (const [call, message] of calls) expect(await failureOf(call)).toMatchObject({ message });
  });

  test.each(['__class__', '__dict__', 'constructor', 'prototype'])(
    'has no member %s that may be reached',
    async name => {
      await using session = new PythonSession();
      const workshop = session.load<Record<string, () => void>>(workshopFile);
      expect(await failureOf(workshop[name]!())).toMatchObject({ code: 'call.unknownMethod' });
      expect(await failureOf(workshop[name]!)).toMatchObject({ code: 'call.unknownMethod' });
    },
  );

  test('tells what goes wrong in a getter', async () => {
    await using session = new PythonSession();
    const counter = new (session.load<Workshop>(workshopFile).Counter)();
    expect(await failureOf(counter.broken)).toMatchObject({
      remoteName: 'AttributeError',
      message: 'the getter is broken',
    });
  });

  test('waits for what an async function returns', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    expect(await workshop.later(5)).toBe(5);
    const nested = (value: number) => workshop.later(value * 2);
    expect(await workshop.later_with(nested, 4)).toBe(9);
  });

  test('runs calls in the order in which they came', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const calls = Array.from({ length: 1_000 }, (_, n) => workshop.note(n));
    expect(await Promise.all(calls)).toEqual(calls.map((_, n) => n + 1));
    expect(await workshop.notes()).toEqual(calls.map((_, n) => n));
  });

  test('is the same module for whoever loads it, and finds its siblings', async () => {
    using project = new Project({
      'package/__init__.py': 'from .inner import value\n',
      'package/inner.py': 'import sibling\nvalue = sibling.value\ndef get():\n    return value\n',
      'sibling.py': 'value = 7\n',
      'elsewhere/sibling.py': 'value = 8\ndef get():\n    return value\n',
    });
    await using session = new PythonSession();
    type Module = { get(): number; value: number };
    const inner = session.load<Module>(project.path('package/inner.py'));
    expect(await inner.get()).toBe(7);
    expect(await session.load<Module>(project.path('package')).value).toBe(7);
    expect(await session.load<Module>(project.path('elsewhere/sibling.py')).get()).toBe(8);
    expect(await session.load<Module>('package.inner').get()).toBe(7);
    expect(await session.load<Module>('json', 'dumps')).toBe(await session.load('json', 'dumps'));
  });

  test.each([
    ['/nowhere/module.py', undefined, 'it is not there, or not for this session'],
    ['no.such.module', undefined, "ModuleNotFoundError: No module named 'no'"],
    ['./relative.py', undefined, 'neither an absolute path nor a dotted name'],
    [workshopFile, 'lathe', "exports no object or function 'lathe'"],
  ])('that cannot be loaded is a clear error: %s %s', async (file, name, why) => {
    await using session = new PythonSession();
    expect(await failureOf(session.load(file, name))).toMatchObject({
      code: 'tool.load',
      message: expect.stringContaining(why) as string,
    });
  });

  test('that fails while it is loaded tells why, and can be loaded when it is mended', async () => {
    using project = new Project({ 'broken.py': 'import os\nraise SystemExit("no")\n' });
    await using session = new PythonSession();
    const load = () => session.load<{ value: number }>(project.path('broken.py'));
    expect(await failureOf(load())).toMatchObject({
      code: 'tool.load',
      message: expect.stringContaining('SystemExit: no') as string,
    });
    project.write('broken.py', 'value = 5 # mended\n');
    expect(await load().value).toBe(5);
  });
});

describePython('pipelining', () => {
  test('passes results that are not there yet, as targets and as arguments', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const [one, two] = [workshop.echo(1), workshop.echo(2)];
    expect(await workshop.add(one, workshop.add(one, two))).toBe(4);
    expect(await workshop.echo_all({ deep: [one] }, new Map([['two', two]]))).toEqual([
      { deep: [1] },
      new Map([['two', 2]]),
    ]);
    expect(await new workshop.Counter(workshop.add(1, two)).child().increment()).toBe(4);
  });

  test('fails every call that depends on one that failed, naming it', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const failed = workshop.fail('no more wood');
    const failure = { remoteName: 'ValueError', failedCall: 'fail' };
    const dependents = [
      workshop.echo(workshop.echo(failed)),
      (failed as unknown as Used).anything(),
    ];
    for (const reason of await Promise.all(dependents.map(failureOf))) {
      expect(reason).toMatchObject(failure);
    }
    expect(await failureOf(failed)).toMatchObject({ message: 'no more wood' });
  });

  test('leaves nothing behind on either side', async () => {
    await using session = new PythonSession();
    {
      using loaded = session.load<Workshop>(workshopFile);
      using workshop = await loaded;
      using counter = await new workshop.Counter(1);
      using same = (await workshop.echo(counter)) as Disposable;
      expect(same).toBe(counter);
      using kept = workshop.add(1, 2);
      expect(await workshop.add(kept, 3)).toBe(6);
      expect(await workshop.call_back((n: number) => n, 3)).toEqual([0, 1, 2]);
      await failureOf(workshop.fail('no'));
    }
    await expect.poll(() => session.live()).toEqual(nothingLive);
  });
});

interface Used {
  anything(): PromiseLike<unknown>;
}

describePython('a batch', () => {
  test('brings what every item brings, in order', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const items = Array.from({ length: 100 }, (_, n) => [n, n] as const);
    expect(await workshop.add.batch(items)).toEqual(items.map(([n]) => n * 2));
    expect(await workshop.later.batch([['a'], ['b']])).toEqual(['a', 'b']);
    expect(await workshop.add.batch([])).toEqual([]);
  });

  test('stops at the first failure and tells what came before it', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const failure = await failureOf(
      workshop.add.batch([
        [1, 2],
        [1, 'a'],
        [3, 4],
      ]),
    );
    expect(failure).toMatchObject({ remoteName: 'TypeError', index: 1, results: [3] });
  });

  test('runs all where that is wanted, and tells how each went', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const outcomes = await workshop.add.batch(
      [
        [1, 2],
        [1, 'a'],
        [3, 4],
      ],
      { settle: true },
    );
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: 3 },
      { status: 'rejected', reason: { remoteName: 'TypeError' } },
      { status: 'fulfilled', value: 7 },
    ]);
  });

  test.each([
    ['at once', () => undefined],
    ['later', (session: PythonSession) => session.load<Workshop>(workshopFile).nothing()],
  ])('has failed at the item whose result cannot be sent, asked %s', async (_when, meanwhile) => {
    await using session = new PythonSession();
    const make = session.load<(source: string) => unknown>('builtins', 'eval');
    const items: [string][] = [['{"n": 1}'], ['{"no": 1j}'], ['{"n": 3}']];
    const stops = make.with({ result: 'value' }).batch(items);
    await meanwhile(session);
    expect(await failureOf(stops)).toMatchObject({ index: 1, results: [{ n: 1 }] });
    const settles = make.with({ result: 'value' }).batch(items, { settle: true });
    await meanwhile(session);
    expect(await settles).toMatchObject([
      { status: 'fulfilled', value: { n: 1 } },
      { status: 'rejected', reason: { code: 'value.unserializable' } },
      { status: 'fulfilled', value: { n: 3 } },
    ]);
  });

  test('can be used by other calls, and fails them when it has failed', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    expect(await workshop.echo(workshop.add.batch([[1, 2]]))).toEqual([3]);
    const outcomes = workshop.add.batch(
      [
        [1, 2],
        [1, 'a'],
      ],
      { settle: true },
    );
    const used = (await workshop.echo(outcomes)) as { reason?: Error }[];
    expect(used).toMatchObject([
      { status: 'fulfilled', value: 3 },
      { status: 'rejected', reason: { name: 'TypeError' } },
    ]);
    expect(used[1]?.reason).toBeInstanceOf(Error);
    const failed = workshop.add.batch([[1, 'a']]);
    expect(await failureOf(workshop.echo(failed))).toMatchObject({ failedCall: 'add' });
    expect(await failureOf(failed)).toMatchObject({ index: 0 });
  });
});

describePython('passing', () => {
  test('copies a live object where the call, a mark or the session says so', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    using reference = (await workshop.point()) as unknown as Remote<{ x: number }>;
    expect(await reference.x).toBe(1);
    expect(await workshop.point.with({ result: 'value' })()).toEqual({ x: 1, y: 2 });
    expect(await workshop.point_by_value()).toEqual({ x: 1, y: 2 });
    using record = (await workshop.record_by_reference()) as unknown as Remote<{ most: number }>;
    expect(await record.most).toBe(5);
    expect(await workshop.record_marked_twice('by_value')).toEqual({ most: 5 });
    using again = (await workshop.record_marked_twice('by_ref')) as unknown as typeof record;
    expect(await again.most).toBe(5);
    const types = [{ type: 'Point', passing: 'value' as const }];
    await using told = new PythonSession({ welcome: { types, objects: 'reference' } });
    const other = told.load<Workshop>(workshopFile);
    expect(await other.point()).toEqual({ x: 1, y: 2 });
    using list = await (other.echo([5]) as unknown as PromiseLike<Disposable & { 0: unknown }>);
    expect(await list[0]).toBe(5);
    using thing = await new other.Counter(3);
    expect(await thing.count).toBe(3);
  });

  test('keeps identity in both directions', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    using counter = await new workshop.Counter();
    expect(await workshop.echo(counter)).toBe(counter);
    expect(await workshop.is_same(counter, counter)).toBe(true);
    const mine = () => 1;
    expect(await workshop.echo(mine)).toBe(mine);
    expect(await workshop.is_same(mine, mine)).toBe(true);
    await workshop.remember(mine);
    expect(await workshop.recall()).toBe(mine);
    await workshop.forget();
  });

  test('releases what Python collects, and what it gives back', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    await workshop.remember(() => 1);
    expect((await session.live()).host.objects).toBe(1);
    await workshop.forget();
    await expect.poll(async () => (await session.live()).host.objects).toBe(0);
    expect(await failureOf(workshop.use_after_release(() => 1))).toMatchObject({
      code: 'reference.released',
    });
    expect((await session.live()).host.objects).toBe(0);
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isRemote } from '../../../server/shared/rpc/remoteObject.ts';
import { Project } from '../../support/project.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { describePython, python, pythonMain } from '../../support/python/pythonSession.ts';
import { describeTool } from '../../support/python/describeTool.ts';
import { PythonToolSession } from '../../support/python/pythonTools.ts';
import type { Remote } from '../../support/remote.ts';
import { sessionRequest, TestPool } from '../../support/sessions.ts';

/** The interpreter itself: what is on the path may be a script that finds it. */
const interpreter = () =>
  execFileSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

describePython('a Python session of the pool', () => {
  test('is leased, called, and gone without a trace', async () => {
    await using host = new TestPool({ timedCallsPerS: 100 });
    const launch = {
      runtime: 'python',
      executable: interpreter(),
      workerPath: pythonMain,
    } as const;
    using lease = await host.pool.acquire(sessionRequest(launch));
    const ready = await host.seen('ready');
    expect(ready.runtime).toMatch(/^python 3\./u);
    const root = lease.session.connection.root as Remote<{ load(file: string): Workshop }>;
    const workshop = root.load(workshopFile);
    expect(await workshop.pid()).toBe(ready.pid);
    expect(await workshop.call_back((n: number) => n * 3, 3)).toEqual([0, 3, 6]);
    const data = new Uint8Array(1024 * 1024).fill(5);
    expect(Buffer.compare((await workshop.mirror(data))[0]!, data)).toBe(0);
    using counter = await new workshop.Counter();
    expect(isRemote(counter)).toBe(true);
    const { call } = await host.seen('called', event => event.call.method === 'mirror');
    expect(call).toMatchObject({ tool: 'module', outcome: 'ok' });
    expect(Math.min(call.runMs, call.replyMs)).toBeGreaterThan(0);
    await workshop.print_lines();
    await host.logged(/to standard error/u);
    await host.pool.shutDown();
    expect(host.survivors).toEqual([]);
  });
});

/** A plugin that never comes back, once there is a file of this name. */
const hangs = {
  'in Python': { name: 'loops', session: 'goes on' },
  'in C, where nothing interrupts it': { name: 'blocks', session: 'is replaced' },
};
const hangingPlugin = `import collections, itertools, os


def come(thing):
    if os.path.exists('loops'):
        os.remove('loops')
        while True:
            pass
    if os.path.exists('blocks'):
        os.remove('blocks')
        collections.deque(itertools.repeat(0), maxlen=0)
    return ()


def check(tree):
    return come(tree)


register = come
`;
const configurations = {
  flake8: {
    '.flake8':
      '[flake8:local-plugins]\nextension = X = hanging:check\npaths = .\n[flake8]\nselect = F,X\n',
  },
  pylint: {
    '.pylintrc': `[MAIN]\ninit-hook = import sys; sys.path.append('.')\nload-plugins = hanging\n`,
  },
} as const;

describe.each(Object.entries(configurations))('a plugin of %s', (name, configuration) => {
  describeTool(name as keyof typeof configurations, () => {
    test.each(Object.entries(hangs))(
      'that hangs %s is given up at its deadline, and the next call works',
      async (_, hang) => {
        await using host = new TestPool({ graceMs: 1_000 });
        using project = new Project({
          ...configuration,
          'hanging.py': hangingPlugin,
          'a.py': '"""One."""\nimport os\n',
        });
        const tool = new PythonToolSession(host, project, name, { isConfined: false });
        const found = await tool.lint('a.py');
        expect(found).toHaveLength(1);
        project.write(hang.name, '');
        await expect(tool.lint('a.py', { deadlineMs: 1_000 })).rejects.toMatchObject({
          code: 'call.deadline',
        });
        expect(project.entries).not.toContain(hang.name);
        expect(await tool.lint('a.py')).toEqual(found);
        if (hang.session === 'is replaced') {
          expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'stuck' } });
        }
        expect(host.pids).toHaveLength(hang.session === 'is replaced' ? 2 : 1);
        expect(host.survivors).toHaveLength(1);
      },
    );
  });
});

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ServerProgram } from '../../../extension/sessions/launchSpec.ts';
import {
  commandsHere,
  environmentOf,
  ServerClient,
  serverFixtures,
  serverRequest,
} from '../../support/languageServers.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { startedHere, TestPool } from '../../support/sessions.ts';

const python = '/usr/bin/python3';

function program(runtime: 'python' | 'other', file: string, ...args: string[]): ServerProgram {
  return { name: 'native', origin: 'machine', runtime, program: file, args };
}

/** Asks one thing of a server that knows nothing else, and that ends with its input. */
async function ask(host: TestPool, server: ServerProgram, options = {}): Promise<unknown> {
  const { session } = await host.pool.acquireServer(serverRequest(server, options));
  return await new Promise((resolve, reject) => {
    session.onSilence(() => reject(new Error('the server has ended')));
    session.listen(({ result }) => resolve(result));
    session.send({ jsonrpc: '2.0', id: 1, method: 'anything' }).catch(reject);
  });
}

const isLinux = process.platform === 'linux';
const hasCompiler = spawnSync('cc', ['--version']).error === undefined;

describe.skipIf(!isLinux || !hasCompiler)('a program in C', () => {
  let elsewhere: Project;
  beforeAll(() => {
    elsewhere = new Project();
    const source = path.join(serverFixtures, 'native.c');
    const { status, stderr } = spawnSync('cc', ['-o', elsewhere.path('native'), source]);
    if (status !== 0) throw new Error(stderr.toString());
    return () => elsewhere[Symbol.dispose]();
  });

  test('is a server of which nothing of ours is left', async () => {
    await using host = new TestPool();
    const pid = await ask(host, program('other', elsewhere.path('native')));
    const { runtime } = await host.seen('ready');
    expect([pid, runtime]).toEqual([host.pids[0], 'native']);
    expect(fs.readlinkSync(`/proc/${host.pids[0]}/exe`)).toBe(elsewhere.path('native'));
    expect(startedHere()).toEqual(host.pids);
    const environment = environmentOf(host.pids[0]!);
    expect(environment).not.toHaveProperty('ELECTRON_RUN_AS_NODE');
    expect(environment).toHaveProperty('PATH');
  });

  test('is found by its name on the path that the session has', async () => {
    await using host = new TestPool();
    const environment = { PATH: `/nowhere:${elsewhere.root}:/usr/bin` };
    const pid = await ask(host, program('other', 'native'), { environment });
    expect(pid).toBe(host.pids[0]);
  });

  describeMechanisms('confined', mechanism => {
    test('is shown and may be run although it lies outside of the workspace', async () => {
      using workspace = new Project();
      await using host = new TestPool();
      const options = { mechanism, cwd: workspace.root };
      expect(await ask(host, program('other', elsewhere.path('native')), options)).toBeTypeOf(
        'number',
      );
      const { confinement, pid } = await host.seen('ready');
      expect(confinement).toMatchObject({ mechanism, succeeded: [] });
      const environment = environmentOf(pid);
      expect(environment).toHaveProperty('PATH');
      expect(environment).not.toHaveProperty('ELECTRON_RUN_AS_NODE');
      expect(environment).not.toHaveProperty('GREENROOM_PROBE');
    });
  });
});

describe.skipIf(!fs.existsSync(python))('a program in Python', () => {
  const script = path.join(serverFixtures, 'plain.py');

  describeMechanisms('confined', mechanism => {
    test.each(['python', 'other'] as const)('is a server, called %s', async runtime => {
      await using host = new TestPool();
      const server = program(runtime, python, script, '--stdio');
      const answer = await ask(host, server, { mechanism });
      expect(answer).toEqual([['--stdio'], expect.any(Number)]);
      expect((await host.seen('ready')).confinement).toMatchObject({ mechanism, succeeded: [] });
    });
  });

  // The second may lie in a home folder.
  describeMechanisms('of a virtual environment, confined', mechanism => {
    test.each(['/usr/bin/python3', 'python3'])('made by %s is a server', async maker => {
      using project = new Project();
      await using host = new TestPool();
      const made = spawnSync(maker, ['-m', 'venv', '--without-pip', project.path('.venv')]);
      expect(made.status).toBe(0);
      const interpreter = project.path('.venv/bin/python');
      const text = `#!${interpreter}\n${fs.readFileSync(script, 'utf8')}`;
      fs.chmodSync(project.write('.venv/bin/plain', text), 0o755);
      const server = program('python', project.path('.venv/bin/plain'), '--stdio');
      const answer = await ask(host, server, { mechanism, cwd: project.root });
      expect(answer).toEqual([['--stdio'], expect.any(Number)]);
    });
  });

  test('ends with its input', async () => {
    await using host = new TestPool({ endStepMs: 10_000 });
    await ask(host, program('python', python, script));
    await host.pool.shutDown();
    expect(commandsHere()).toEqual([]);
  });
});

describe('with a Node before 22.15, which cannot become another program,', () => {
  const old = path.join(serverFixtures, 'cannotBecome.cjs');
  const options = { environment: { NODE_OPTIONS: `--require=${old}` } };

  test.skipIf(!isLinux)('the server runs beside it, and ends with it', async () => {
    await using host = new TestPool();
    const client = await ServerClient.open(host, 'echoes', options);
    await client.initialize();
    const server = (await client.request('pid')) as number;
    expect(startedHere().sort()).toEqual([host.pids[0]!, server].sort());
    process.kill(host.pids[0]!, 'SIGKILL');
    await host.seen('closed');
    await host.pool.shutDown();
    expect(commandsHere()).toEqual([]);
  });

  test('the exit of the server is its own', async () => {
    await using host = new TestPool({ replacesLost: false });
    using client = await ServerClient.open(host, 'exitsAtOnce', options);
    client.lease.release();
    expect(await host.seen('closed')).toMatchObject({
      reason: { detail: 'exit code 3; Error: no license for this machine' },
    });
  });

  test('the server is asked to end as any other', async () => {
    await using host = new TestPool({ endStepMs: 10_000 });
    using client = await ServerClient.open(host, 'echoes', options);
    await client.initialize();
    await host.pool.close(client.session.id);
    expect(commandsHere()).toEqual([]);
  });

  describeMechanisms('confined', mechanism => {
    test('the server runs where programs may be started, and else the reason is told', async () => {
      await using host = new TestPool({ replacesLost: false });
      const may = { ...options, mechanism, needsChildren: true };
      using able = await ServerClient.open(host, 'echoes', { ...may, key: 'may' });
      await able.initialize();
      expect(await able.request('echo', 1)).toBe(1);
      const mayNot = { ...may, needsChildren: false, key: 'may not' };
      using unable = await ServerClient.open(host, 'echoes', mayNot);
      const { reason } = await host.seen('closed', event => event.session === unable.session.id);
      expect(reason.detail).toMatch(/exit code 126; .*cannot be run: .*EPERM \(Node/u);
    });
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { describeMechanisms } from '../support/mechanisms.ts';
import { programArguments } from '../support/programs.ts';
import { Project } from '../support/project.ts';
import { isAlive } from '../support/sessions.ts';

async function startHost(name: string, project: Project, ...args: readonly string[]) {
  const child = spawn(process.execPath, programArguments(`support/${name}`, ...args), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: project.root }, // what it leaves there, goes with the project
  });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pids: output.toString().split(' ').map(Number) };
}

test('no session outlives a host that is killed, even one that computes without pause', async () => {
  using project = new Project();
  const { child, pids } = await startHost('loopingHost.ts', project);
  const pid = pids[0]!;
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test.skipIf(process.platform !== 'linux')(
  'nothing that a tool has started outlives a host that is killed, daemons and shared memory neither',
  async () => {
    using project = new Project();
    const { child, pids } = await startHost('killedHost.ts', project);
    expect(pids.map(isAlive)).toEqual([true, true, true]);
    expect(project.entries).not.toEqual([]);
    child.kill('SIGKILL');
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false, false]);
    await expect.poll(() => project.entries).toEqual([]);
  },
);

test.skipIf(process.platform !== 'linux')(
  'of two windows on the same folder, one that is killed takes nothing of the other with it',
  async () => {
    using project = new Project();
    const start = () => startHost('killedHost.ts', project);
    const [one, other] = await Promise.all([start(), start()]);
    one.child.kill('SIGKILL');
    await expect.poll(() => one.pids.map(isAlive)).toEqual([false, false, false]);
    expect(other.pids.map(isAlive)).toEqual([true, true, true]);
    other.child.kill('SIGKILL');
    await expect.poll(() => other.pids.map(isAlive)).toEqual([false, false, false]);
  },
);

describeMechanisms('a session that is confined', mechanism => {
  test('leaves no file behind when its host is killed', async () => {
    using project = new Project();
    const { child, pids } = await startHost('killedConfinedHost.ts', project, mechanism);
    expect(project.entries).not.toEqual([]);
    child.kill('SIGKILL');
    await expect.poll(() => pids.map(isAlive)).toEqual([false]);
    await expect.poll(() => project.entries).toEqual([]);
  });
});

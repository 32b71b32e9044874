import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Project } from '../support/project.ts';
import { isAlive } from '../support/sessions.ts';

const program = path.resolve(import.meta.dirname, '../support/loopingHost.ts');

test('no session outlives a host that is killed, even one that computes without pause', async () => {
  using project = new Project();
  const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: project.root }, // what it leaves there, goes with the project
  });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

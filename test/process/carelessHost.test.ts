import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { programArguments } from '../support/programs.ts';
import { Project } from '../support/project.ts';
import { isAlive } from '../support/sessions.ts';

test.each([
  ['ends although a session is open that is idle', 'isIdle', []],
  ['does not end while a call is under way', 'calls', ['answered']],
  ['does not end while its sessions are being closed', 'closes', ['closed']],
  ['may exit in the middle', 'exits', []],
])('a program that %s, and leaves nothing behind', async (_what, way, words) => {
  using folder = new Project();
  const child = spawn(
    process.execPath,
    programArguments('support/carelessHost.ts', way, folder.root),
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 10_000,
    },
  );
  const [output, exit] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const [pid, ...said] = output.trim().split('\n');
  expect({ exit, said }).toEqual({ exit: [0, null], said: words });
  await expect.poll(() => isAlive(Number(pid))).toBe(false);
  expect(folder.entries).toEqual([]);
});

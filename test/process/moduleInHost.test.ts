import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { programArguments } from '../support/programs.ts';
import { Project } from '../support/project.ts';

test.each([
  ['is loaded nowhere else', 'not', '42'],
  ['the host has imported before', 'before', 'session.moduleInHost'],
  ['is loaded here by another name of its own', 'renamed', 'session.moduleInHost'],
  ['something else says to be', 'pretended', '42'],
  ['another module of the host imports', 'beforeByAnother', 'session.moduleInHost'],
  ['the host imports afterwards', 'after', 'session.moduleInHost'],
  ['another module imports afterwards', 'afterByAnother', 'session.moduleInHost'],
  ['the host imports by another name', 'link', 'session.moduleInHost'],
])('a module of a session that %s', async (_what, way, heard) => {
  using folder = new Project();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    programArguments('support/leakingHost.ts', way, folder.root),
    { timeout: 10_000 },
  );
  expect(stdout).toBe(heard);
});

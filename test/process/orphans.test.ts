import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { Project } from '../support/project.ts';
import { isAlive } from '../support/sessions.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** A host that starts a session which loops, and tells its process id. */
const host = `
import { PrettierSession } from './test/support/prettierSessions.ts';
import { TestPool } from './test/support/sessions.ts';
import { Project } from './test/support/project.ts';

const pool = new TestPool();
const project = new Project({ '.prettierrc.json': process.argv[2]! });
const session = new PrettierSession(pool, project);
await session.prewarm();
session.reportText('x', 'a.loop').catch(() => undefined);
setTimeout(() => process.stdout.write(String(pool.pids[0])), 100);
`;

test('no session outlives a host that is killed, even one that computes without pause', async () => {
  using project = new Project();
  const program = project.path('host.mjs');
  await build({
    stdin: { contents: host, resolveDir: repository, loader: 'ts' },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    define: { 'import.meta.dirname': JSON.stringify(path.join(repository, 'test/support')) },
    logLevel: 'error',
  });
  const plugins = [path.join(repository, 'test/fixtures/plugins/loops.mjs')];
  const child = spawn(process.execPath, [program, JSON.stringify({ plugins })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { formatByCommandLine, prettierPackages, Project } from '../../support/project.ts';
import { PrettierSession } from '../../support/prettierSessions.ts';
import { TestPool } from '../../support/sessions.ts';
import { repository } from '../paths.ts';
import { typeScriptSample } from '../sample.ts';
import { median } from '../statistics.ts';

const run = promisify(execFile);

/**
 * The first and the tenth format of a file of 1,000 lines, in processes that were started for it and
 * are warm, interleaved; and the command line, which never is. Milliseconds, medians.
 */
export async function firstFormat(rounds: number): Promise<Readonly<Record<string, number>>> {
  using project = new Project({ 'sample.ts': typeScriptSample }).installPrettier(3);
  const file = project.path('sample.ts');
  const expected = await formatByCommandLine(3, file, project.root);
  const rows: Record<string, number[]> = {};
  const note = (name: string, ms: number) => (rows[name] ??= []).push(ms);
  for (let round = 0; round < rounds; round++) {
    await inSession(project, expected, note);
    const direct = await inProcess(file);
    note('in process, first', direct.first);
    note('in process, tenth', direct.tenth);
    note('npx prettier', await timed(() => run('npx', ['prettier', file], { cwd: project.root })));
  }
  return Object.fromEntries(Object.entries(rows).map(([name, times]) => [name, median(times)]));
}

async function inSession(
  project: Project,
  expected: string,
  note: (name: string, ms: number) => void,
): Promise<void> {
  await using host = new TestPool();
  const session = new PrettierSession(host, project);
  note('session, start and warm', await timed(() => session.warm('sample.ts')));
  let formatted = '';
  const format = async () => {
    formatted = await session.format('sample.ts');
  };
  note('session, first', await timed(format));
  for (let n = 2; n < 10; n++) await format();
  note('session, tenth', await timed(format));
  if (formatted !== expected)
    throw new Error('the session did not format as the command line does');
}

async function inProcess(file: string): Promise<{ first: number; tenth: number }> {
  const program = path.join(repository, 'test/bench/children/prettierInProcess.mjs');
  const { stdout } = await run(process.execPath, [program, prettierPackages[3].directory, file]);
  return JSON.parse(stdout) as { first: number; tenth: number };
}

/** How long the work takes, in milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

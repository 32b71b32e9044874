import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ESLintSession, eslintPackages } from '../../support/eslintSessions.ts';
import { Project } from '../../support/project.ts';
import { TestPool } from '../../support/sessions.ts';
import { repository } from '../paths.ts';
import { typeScriptSample } from '../sample.ts';
import { median } from '../statistics.ts';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

const configuration = `import tseslint from 'typescript-eslint';
export default tseslint.config(tseslint.configs.recommended, {
  rules: { 'no-var': 'error', 'prefer-const': 'error', semi: 'error', quotes: ['error', 'single'] },
});
`;

/**
 * ESLint on a file of 1,000 lines of TypeScript: in a warm session, in eslint_d's daemon, and by its own
 * command, interleaved, the number of problems compared. Milliseconds, medians.
 */
export async function eslintTool(rounds: number): Promise<Readonly<Record<string, number>>> {
  await using host = new TestPool();
  using project = new Project({
    'eslint.config.mjs': configuration,
    'sample.ts': typeScriptSample,
  });
  project.link('eslint', eslintPackages[10]);
  project.link('typescript-eslint', path.join(repository, 'node_modules/typescript-eslint'));
  const session = new ESLintSession(host, project, 10);
  const file = project.path('sample.ts');
  const inSession = async () => {
    const report = await session.lint('sample.ts');
    return report.kind === 'linted' ? report.problems.length + (report.omitted ?? 0) : -1;
  };
  const byProgram =
    (program: string, ...args: string[]) =>
    async () => {
      const printed = await output(process.execPath, [program, ...args], project.root);
      const [result] = JSON.parse(printed) as { messages: unknown[] }[];
      return result?.messages.length ?? -1;
    };
  const json = ['--format', 'json', file];
  const daemon = path.join(repository, 'node_modules/eslint_d/bin/eslint_d.js');
  const contestants = {
    'ESLint, 1,000 lines, warm session': inSession,
    'ESLint, 1,000 lines, eslint_d': byProgram(daemon, ...json),
    'ESLint, 1,000 lines, command line': byProgram(
      path.join(eslintPackages[10], 'bin/eslint.js'),
      ...json,
    ),
  };
  const times = new Map<string, number[]>();
  try {
    for (let round = -1; round < rounds; round++) {
      const counts = new Set<number>();
      for (const [name, lint] of Object.entries(contestants)) {
        const startedAtMs = performance.now();
        counts.add(await lint());
        const tookMs = performance.now() - startedAtMs;
        if (round >= 0) times.set(name, [...(times.get(name) ?? []), tookMs]); // the first warms up
      }
      if (counts.size !== 1) throw new Error(`they found ${[...counts].join(', ')} problems`);
    }
  } finally {
    await output(process.execPath, [daemon, 'stop'], project.root);
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
}

/** What it prints, also when it fails because there are problems. */
async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run(program, args, { cwd, maxBuffer })).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

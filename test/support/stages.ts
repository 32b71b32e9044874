import path from 'node:path';
import { cache } from '../host/paths.ts';

export interface Stage {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Where the number of its tests is found; `itself` is one test, `none` only fails. */
  readonly counts: 'itself' | 'none' | 'output' | { readonly report: string };
  /** Left out by --fast. */
  readonly isSlow?: true;
}

/** Brings VS Code, a browser and Python tools here; it runs beside the first stages, which need none. */
export const provision: Stage = {
  name: 'VS Code, a browser, Python tools',
  command: ['node', 'test/host/provide.ts'],
  counts: 'none',
};

export const stages: readonly Stage[] = [
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], counts: 'itself' },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'], counts: 'itself' },
  { name: 'format', command: ['npm', 'run', '--silent', 'format:check'], counts: 'itself' },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'], counts: 'none' },
  vitest('unit'),
  vitest('process'),
  {
    name: 'extension host',
    command: ['node', 'test/host/runInVSCode.ts'],
    counts: 'output',
    isSlow: true,
  },
  { name: 'package', command: ['npm', 'run', '--silent', 'package'], counts: 'none', isSlow: true },
  { ...vitest('e2e'), isSlow: true },
];

function vitest(project: string): Stage {
  const report = path.join(cache, `test-report-${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: project,
    command: ['vitest', 'run', '--project', project, ...reporters],
    counts: { report },
  };
}

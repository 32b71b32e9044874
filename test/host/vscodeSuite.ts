import fs from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { cache, repository } from './paths.ts';
import { openScratch } from './scratch.ts';
import { provideVSCode } from './vscodeInstall.ts';

/** What runs in the extension host of a real VS Code, with the extension as it is built. */
export interface VSCodeSuite {
  /** Its sources: `index.ts`, which exports `run`, and the tests that it finds beside itself. */
  readonly source: string;
  /** Fills a new folder; the result is what the editor opens. */
  readonly fillWorkspace: (folder: string) => string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Throws when the suite does not pass. The result is what it has written as JSON to the file that
 * `GREENROOM_SUITE_RESULT` names, or undefined.
 */
export async function runSuite({
  source,
  fillWorkspace,
  environment = {},
}: VSCodeSuite): Promise<unknown> {
  const install = await provideVSCode();
  const suite = await bundleSuite(source);
  await using scratch = openScratch();
  const result = path.join(scratch.folder, 'result.json');
  await runTests({
    vscodeExecutablePath:
      install.kind === 'desktop'
        ? install.executable
        : path.join(import.meta.dirname, 'standIn.ts'),
    extensionDevelopmentPath: process.env['GREENROOM_EXTENSION'] ?? repository,
    extensionTestsPath: suite,
    // The stand-in is started by its first line: by the Node that runs us.
    extensionTestsEnv: {
      ...environment,
      GREENROOM_SUITE_RESULT: result,
      PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    },
    launchArgs: [
      fillWorkspace(path.join(scratch.folder, 'workspace')),
      '--disable-extensions',
      `--user-data-dir=${path.join(scratch.folder, 'user-data')}`,
      `--extensions-dir=${path.join(scratch.folder, 'extensions')}`,
    ],
  });
  if (!fs.existsSync(result)) return undefined;
  return JSON.parse(fs.readFileSync(result, 'utf8')) as unknown;
}

/** Each test file becomes a bundle of its own; `index` finds them beside itself. */
async function bundleSuite(source: string): Promise<string> {
  const name = path.relative(repository, source).replaceAll(path.sep, '-');
  const target = path.join(cache, name);
  fs.rmSync(target, { recursive: true, force: true });
  const tests = fs.globSync('**/*.test.ts', { cwd: source });
  await build({
    entryPoints: ['index.ts', ...tests].map(file => path.join(source, file)),
    outdir: target,
    outbase: source,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return path.join(target, 'index.cjs');
}

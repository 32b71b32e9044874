import fs from 'node:fs';
import path from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { build } from 'esbuild';
import { cache, fixtures, repository } from './paths.ts';
import { openScratch } from './scratch.ts';
import { provideVSCode } from './vscodeInstall.ts';

/** Runs test/vscode/ in the extension host of a real VS Code, with the extension as it is built. */
async function main(): Promise<void> {
  const install = await provideVSCode();
  const suite = await bundleSuite();
  await using scratch = openScratch();
  await runTests({
    vscodeExecutablePath:
      install.kind === 'desktop'
        ? install.executable
        : path.join(import.meta.dirname, 'standIn.ts'),
    extensionDevelopmentPath: process.env['GREENROOM_EXTENSION'] ?? repository,
    extensionTestsPath: suite,
    // The stand-in is started by its first line: by the Node that runs us.
    extensionTestsEnv: {
      PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    },
    launchArgs: [
      copyWorkspace(path.join(scratch.folder, 'workspace')),
      '--disable-extensions',
      `--user-data-dir=${path.join(scratch.folder, 'user-data')}`,
      `--extensions-dir=${path.join(scratch.folder, 'extensions')}`,
    ],
  });
}

/** Each test file becomes a bundle of its own; `index` finds them beside itself. */
async function bundleSuite(): Promise<string> {
  const source = path.join(repository, 'test/vscode');
  const target = path.join(cache, 'test-vscode');
  fs.rmSync(target, { recursive: true, force: true });
  const tests = fs.globSync('**/*.test.ts', { cwd: source });
  await build({
    entryPoints: ['index.ts', ...tests].map(name => path.join(source, name)),
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

/** A copy, so that tests may change it; a multi-root workspace is opened by its file. */
function copyWorkspace(target: string): string {
  const own = path.join(fixtures, 'workspace');
  fs.cpSync(fs.existsSync(own) ? own : path.join(fixtures, 'sample-project'), target, {
    recursive: true,
  });
  const [workspaceFile] = fs.globSync('*.code-workspace', { cwd: target });
  return workspaceFile ? path.join(target, workspaceFile) : target;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof TestRunFailedError ? error.message : error);
  process.exitCode = 1;
}

import fs from 'node:fs';
import path from 'node:path';
import { TestRunFailedError } from '@vscode/test-electron';
import { fixtures, repository } from './paths.ts';
import { runSuite } from './vscodeSuite.ts';

/** Runs test/vscode/ in the extension host of a real VS Code. */
function main(): Promise<unknown> {
  return runSuite({ source: path.join(repository, 'test/vscode'), fillWorkspace: copyWorkspace });
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

import path from 'node:path';
import * as vscode from 'vscode';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import type { Log } from '../log/log.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';
import { isWithin } from '../../server/node/isWithin.ts';
import { FoldersAbove } from './foldersAbove.ts';
import { SettledChanges } from './settledChanges.ts';
import { restartStale, watchFiles } from './staleSessions.ts';

/** What pins the installed packages: a process loads them only once. */
const lockfiles = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'];

/** The same for Python, a new virtual environment among it. */
const pythonLockfiles = [
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'requirements.txt',
  'pyvenv.cfg',
];

/** Where Python tools are configured; some keep what they once have read. */
const pythonConfiguration = ['pyproject.toml', 'setup.cfg', 'tox.ini'];

const scripts = ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'];
const asScript = (name: string) => scripts.map(extension => `${name}.${extension}`);
const asData = (name: string) => ['json', 'yaml', 'yml'].map(extension => `${name}.${extension}`);

/**
 * Files that a tool reads once, by the tool's name: code, which a process cannot load again, and what
 * the tool keeps in memory. Prettier reads configuration that is plain data afresh for every call.
 */
const readOnce: Readonly<Record<string, (name: string) => boolean>> = {
  prettier: among([...asScript('.prettierrc'), ...asScript('prettier.config'), ...lockfiles]),
  eslint: among(
    [
      ...asScript('eslint.config'),
      ...asScript('.eslintrc'),
      ...asData('.eslintrc'),
      ...['.eslintrc', '.eslintignore', 'eslint-suppressions.json', 'package.json'],
      ...lockfiles,
    ],
    /^tsconfig.*\.json$/u,
  ),
  black: among([...pythonConfiguration, ...pythonLockfiles]),
  isort: among(['.isort.cfg', '.editorconfig', ...pythonConfiguration, ...pythonLockfiles]),
  autopep8: among([...pythonConfiguration, ...pythonLockfiles]),
  flake8: among(['.flake8', ...pythonConfiguration, ...pythonLockfiles]),
  mypy: among(['mypy.ini', '.mypy.ini', ...pythonConfiguration, ...pythonLockfiles]),
  pylint: among(['.pylintrc', 'pylintrc', ...pythonConfiguration, ...pythonLockfiles]),
};

const arePackages = among([...lockfiles, ...pythonLockfiles]);

const watched = `{${[
  '.prettierrc.*,prettier.config.*',
  'eslint.config.*,.eslintrc,.eslintrc.*,.eslintignore,eslint-suppressions.json',
  'package.json,tsconfig*.json',
  '.isort.cfg,.editorconfig,.flake8,mypy.ini,.mypy.ini,.pylintrc,pylintrc',
  ...pythonConfiguration,
  ...pythonLockfiles,
  ...lockfiles,
].join(',')}}`;

/** Restarts the sessions that run with what has changed on disk, and only those. */
export class Staleness implements vscode.Disposable {
  private readonly emitter = new Emitter<readonly string[]>();
  private readonly packages = new Emitter<void>();
  private readonly changes: SettledChanges;
  private readonly watcher: vscode.Disposable;
  private readonly above: FoldersAbove;

  /** Tools with these names have to be asked anew; their stale sessions are being replaced. */
  readonly onDidFind = this.emitter.event;
  /** Other packages may be installed than before. */
  readonly onDidChangePackages = this.packages.event;

  constructor(
    private readonly pool: SessionPool,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.changes = new SettledChanges(clock, files => this.handle(files));
    const note = (file: string) => {
      // What is installed changes with the lockfile; its own manifests and settings count for nothing.
      if (!file.split(path.sep).includes('node_modules')) this.changes.note(file);
    };
    this.above = new FoldersAbove(watched, note, log);
    this.watcher = vscode.Disposable.from(watchFiles(`**/${watched}`, note), this.above);
  }

  /** Does what need not be done before the extension is there. */
  begin(): void {
    this.above.begin();
  }

  dispose(): void {
    this.changes.dispose();
    this.watcher.dispose();
    this.emitter.dispose();
    this.packages.dispose();
  }

  private handle(files: readonly string[]): void {
    restartStale(this.pool, files, concerns, this.log);
    const names = Object.keys(readOnce).filter(name =>
      files.some(file => readOnce[name]!(path.basename(file))),
    );
    if (names.length > 0) this.emitter.fire(names);
    if (files.some(file => arePackages(path.basename(file)))) this.packages.fire();
  }
}

/** Configuration counts for what lies below it; a session may be asked about anything below its root. */
function concerns(file: string, { name, root }: { readonly name: string; readonly root: string }) {
  if (!readOnce[name]?.(path.basename(file))) return false;
  const folder = path.dirname(file);
  return isWithin(folder, root) || isWithin(root, folder);
}

function among(names: readonly string[], pattern?: RegExp): (name: string) => boolean {
  const known = new Set(names);
  return name => known.has(name) || (pattern?.test(name) ?? false);
}

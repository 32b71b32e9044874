import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { Log } from '../../log/log.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { isWithin } from '../../../server/node/isWithin.ts';
import { SettledChanges } from '../settledChanges.ts';
import { restartStale, watchFiles } from '../staleSessions.ts';

const sources = '**/*.{ts,tsx,mts,cts}';

/**
 * Rules that need types look into other files, once: what has changed there on disk, they do not see.
 * So the session is restarted then. What is open in the editor it has seen already.
 */
export class SourceWatch implements vscode.Disposable {
  private readonly roots = new Set<string>();
  private readonly changes: SettledChanges;
  private readonly watcher: vscode.Disposable;

  constructor(
    private readonly pool: SessionPool,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.changes = new SettledChanges(clock, files => this.restartConcerned(files));
    this.watcher = watchFiles(sources, file => {
      const isBuilt = /[\\/]node_modules[\\/]|\.d\.[mc]?ts$/u.test(file);
      const isOurs = !isBuilt && [...this.roots].some(root => isWithin(file, root));
      if (isOurs) this.changes.note(file);
    });
  }

  /** What is found in this folder depends on types. */
  add(root: string): void {
    this.roots.add(root);
  }

  dispose(): void {
    this.changes.dispose();
    this.watcher.dispose();
  }

  private restartConcerned(files: readonly string[]): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.fsPath));
    restartStale(
      this.pool,
      files.filter(file => !open.has(file)),
      (file, { name, root }) => name === 'eslint' && this.roots.has(root) && isWithin(file, root),
      this.log,
    );
  }
}

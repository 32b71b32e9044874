import * as vscode from 'vscode';
import type { CloseReason } from '../../../server/shared/protocol/events.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { isWithin } from '../isWithin.ts';

const sources = '**/*.{ts,tsx,mts,cts}';

/** Checkouts and generators write many files at once; their changes count as one. */
const settleMs = 500;

/**
 * Rules that need types look into other files, once: what has changed there on disk, they do not see.
 * So the session is restarted then. What is open in the editor it has seen already.
 */
export class SourceWatch implements vscode.Disposable {
  private readonly roots = new Set<string>();
  private readonly changed = new Set<string>();
  private readonly subscriptions: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: SessionPool,
    private readonly log: Log,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher(sources);
    const onChange = ({ fsPath }: vscode.Uri) => this.note(fsPath);
    this.subscriptions = vscode.Disposable.from(
      watcher,
      watcher.onDidChange(onChange),
      watcher.onDidCreate(onChange),
      watcher.onDidDelete(onChange),
    );
  }

  /** What is found in this folder depends on types. */
  add(root: string): void {
    this.roots.add(root);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private note(file: string): void {
    const isBuilt = /[\\/]node_modules[\\/]|\.d\.[mc]?ts$/u.test(file);
    if (isBuilt || ![...this.roots].some(root => isWithin(file, root))) return;
    this.changed.add(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.restartConcerned(), settleMs);
  }

  private restartConcerned(): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.fsPath));
    const files = [...this.changed].filter(file => !open.has(file));
    this.changed.clear();
    for (const { id, tools } of this.pool.sessions) {
      const typed = tools.filter(({ name, root }) => name === 'eslint' && this.roots.has(root));
      const file = files.find(one => typed.some(({ root }) => isWithin(one, root)));
      if (file === undefined) continue;
      const reason: CloseReason = { kind: 'stale', detail: vscode.workspace.asRelativePath(file) };
      runDetached(this.pool.restart(id, reason), 'restarting a stale session', this.log);
    }
  }
}

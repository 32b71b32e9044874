import * as vscode from 'vscode';
import type { CloseReason } from '../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';

/** Restarts the sessions that run with one of the files, as `concerns` tells of each of their tools. */
export function restartStale(
  pool: SessionPool,
  files: readonly string[],
  concerns: (file: string, tool: ToolSpec) => boolean,
  log: Log,
): void {
  for (const { id, tools } of pool.sessions) {
    const file = files.find(one => tools.some(tool => concerns(one, tool)));
    if (file === undefined) continue;
    const reason: CloseReason = { kind: 'stale', detail: vscode.workspace.asRelativePath(file) };
    runDetached(pool.restart(id, reason), 'restarting a stale session', log);
  }
}

/** Tells of every file that the pattern meets and that is made, changed or taken away on disk. */
export function watchFiles(
  pattern: vscode.GlobPattern,
  onChange: (file: string) => void,
): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  const tell = ({ fsPath }: vscode.Uri) => onChange(fsPath);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(tell),
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
  );
}

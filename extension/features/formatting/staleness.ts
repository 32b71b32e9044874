import path from 'node:path';
import * as vscode from 'vscode';
import type { CloseReason } from '../../../server/shared/protocol/events.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { isWithin } from './isWithin.ts';

/** Configuration that is code, and what pins the installed packages: a process loads these only once. */
const loadedOnce =
  '**/{.prettierrc.js,.prettierrc.cjs,.prettierrc.mjs,.prettierrc.ts,.prettierrc.cts,.prettierrc.mts,' +
  'prettier.config.js,prettier.config.cjs,prettier.config.mjs,prettier.config.ts,prettier.config.cts,prettier.config.mts,' +
  'package-lock.json,yarn.lock,pnpm-lock.yaml,bun.lock}';

/** Package managers and checkouts write many files at once; their changes count as one. */
const settleMs = 500;

/** Restarts the sessions that run with code which has changed on disk, and only those. */
export function restartStaleSessions(pool: SessionPool, log: Log): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(loadedOnce);
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const onChange = ({ fsPath }: vscode.Uri) => {
    changed.add(fsPath);
    clearTimeout(timer);
    timer = setTimeout(() => {
      restartConcerned(pool, [...changed], log);
      changed.clear();
    }, settleMs);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(onChange),
    watcher.onDidCreate(onChange),
    watcher.onDidDelete(onChange),
    { dispose: () => clearTimeout(timer) },
  );
}

function restartConcerned(pool: SessionPool, changedFiles: readonly string[], log: Log): void {
  for (const { id, tools } of pool.sessions) {
    const file = changedFiles.find(changed => tools.some(({ root }) => concerns(changed, root)));
    if (file === undefined) continue;
    const reason: CloseReason = { kind: 'stale', detail: vscode.workspace.asRelativePath(file) };
    runDetached(pool.restart(id, reason), 'restarting a stale session', log);
  }
}

/** Configuration counts for what lies below it; a session may format anything below its root. */
function concerns(changedFile: string, root: string): boolean {
  return isWithin(path.dirname(changedFile), root) || isWithin(root, path.dirname(changedFile));
}

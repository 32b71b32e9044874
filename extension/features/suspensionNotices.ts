import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';
import type { SessionPool, Suspension } from '../sessions/pool/sessionPool.ts';

/**
 * Tells the user once that sessions of one kind only crash and are not started for a while, and offers
 * to try again at once. It is told anew only after one of them has worked.
 */
export class SuspensionNotices implements vscode.Disposable {
  private readonly told = new Set<string>();
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(
    private readonly pool: SessionPool,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      pool.onSuspended(suspension => this.tell(suspension)),
      pool.onEvent(event => {
        if (event.kind !== 'called' || event.call.outcome !== 'ok' || this.told.size === 0) return;
        const session = pool.sessions.find(({ id }) => id === event.session);
        if (session) this.told.delete(session.key);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private tell({ request, detail }: Suspension): void {
    const { key, launch } = request;
    const label = launch.server ? `${launch.server.name}, ${request.label}` : request.label;
    this.log.warn('sessions are suspended', { label, detail });
    if (this.told.has(key)) return;
    this.told.add(key);
    const tryAgain = vscode.l10n.t('Try Again');
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t('Greenroom – sessions of {0} keep crashing: {1}', label, detail);
    void vscode.window.showWarningMessage(text, tryAgain, showLog).then(choice => {
      if (choice === showLog) void vscode.commands.executeCommand(commandIds.showLog);
      if (choice !== tryAgain) return;
      this.told.delete(key);
      runDetached(this.pool.resume(request), 'trying a session again', this.log);
    });
  }
}

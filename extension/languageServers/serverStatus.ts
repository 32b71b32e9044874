import * as vscode from 'vscode';
import { clip } from '../../server/shared/base/clip.ts';
import { unreachable } from '../../server/shared/base/unreachable.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import { tierWords } from '../confinementWords.ts';
import { commandIds } from '../contributions.ts';
import type { ServerClient, ServerState } from './serverClient.ts';

/** A language status item: how one language server is, for its documents. Opens the log. */
export class ServerStatus implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly subscription: { dispose(): void };

  constructor(private readonly client: ServerClient) {
    const { entry, selector, request } = client.target;
    const { t } = vscode.l10n;
    this.item = vscode.languages.createLanguageStatusItem(`greenroom ${request.key}`, selector);
    this.item.name = t('Greenroom: {0}', entry.readyMade?.title ?? entry.name);
    this.item.command = { title: t('Show Log'), command: commandIds.showLog };
    this.subscription = client.onDidChange(() => this.show());
    this.show();
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }

  private show(): void {
    const { state, target } = this.client;
    const { entry, request } = target;
    const version = request.launch.server?.version;
    const { Information, Error } = vscode.LanguageStatusSeverity;
    this.item.text = `$(server-process) ${[entry.name, version].filter(Boolean).join(' ')}`;
    this.item.detail = clip(describeState(state), 80); // the whole of it is in the log
    this.item.busy = state.kind === 'starting';
    this.item.severity = state.kind === 'failed' ? Error : Information;
  }
}

function describeState(state: ServerState): string {
  const { t } = vscode.l10n;
  switch (state.kind) {
    case 'stopped':
      return t('No session yet');
    case 'starting':
      return t('Session starting');
    case 'running':
      return t('{0}, {1}', t('Session ready'), tierWords(state.confinement));
    case 'failed':
      return messageOf(state.error);
    default:
      return unreachable(state);
  }
}

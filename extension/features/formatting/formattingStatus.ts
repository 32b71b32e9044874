import * as vscode from 'vscode';
import { clip } from '../../../server/shared/base/clip.ts';
import { commandIds } from '../../contributions.ts';
import type { SessionPool } from '../../sessions/sessionPool.ts';
import type { DocumentFormatter } from './documentFormatter.ts';
import { bundledSelector } from './formattingProviders.ts';
import { describeOutcome, type OutcomeWords } from './outcomeWords.ts';

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

/** The language status item: how the active document's last formatting went. Opens the log. */
export class FormattingStatus implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem(
    'greenroom.prettier',
    bundledSelector,
  );
  private readonly lastWords = new Map<string, OutcomeWords>();
  private readonly starting = new Set<string>();
  private readonly subscriptions: { dispose(): void }[];

  constructor(formatter: DocumentFormatter, pool: SessionPool) {
    this.item.name = 'Greenroom';
    this.item.command = { title: vscode.l10n.t('Show Log'), command: commandIds.showLog };
    this.subscriptions = [
      this.item,
      formatter.onDidFormat(({ document, outcome }) => {
        const words = describeOutcome(outcome);
        if (words) this.lastWords.set(document.uri.toString(), words);
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.lastWords.delete(uri.toString())),
      pool.onEvent(event => {
        if (event.kind === 'launching') this.starting.add(event.session);
        else if (event.kind === 'ready' || event.kind === 'closed')
          this.starting.delete(event.session);
        else return;
        this.show();
      }),
    ];
    this.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const words = uri === undefined ? undefined : this.lastWords.get(uri);
    this.item.busy = this.starting.size > 0;
    this.item.text = words ? `$(paintcan) ${words.text}` : `$(paintcan) Greenroom`;
    // The whole of it is in the log; a long detail would push the link there off the screen.
    this.item.detail = clip(words?.detail ?? vscode.l10n.t('Ready to format'), 80);
    this.item.severity = severities[words?.severity ?? 'information'];
  }
}

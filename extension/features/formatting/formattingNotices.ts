import * as vscode from 'vscode';
import { commandIds } from '../../contributions.ts';
import type { Log } from '../../log/log.ts';
import type { DocumentFormatter } from './documentFormatter.ts';
import type { FormattingOutcome } from './formattingOutcome.ts';
import { describeOutcome, type OutcomeWords } from './outcomeWords.ts';

/**
 * Logs what went wrong, every time, and interrupts the user once per trouble: not again until a
 * formatting of the same Prettier has succeeded.
 */
export class FormattingNotices implements vscode.Disposable {
  private readonly told = new Map<string, Set<string>>();
  private readonly subscription: vscode.Disposable;

  constructor(
    formatter: DocumentFormatter,
    private readonly log: Log,
  ) {
    this.subscription = formatter.onDidFormat(({ document, outcome }) => {
      const words = describeOutcome(outcome);
      if (words) this.handle(outcome, words, vscode.workspace.asRelativePath(document.uri));
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private handle(outcome: FormattingOutcome, words: OutcomeWords, file: string): void {
    const place = 'location' in outcome ? (outcome.location?.root ?? '') : '';
    if (words.severity === 'information') {
      this.told.delete(place);
      return;
    }
    this.log.warn('formatting was not done', { file, what: words.text, detail: words.detail });
    if (!words.isUrgent || this.hasBeenTold(place, `${words.text} ${words.detail ?? ''}`)) return;
    const showLog = vscode.l10n.t('Show Log');
    void vscode.window
      .showWarningMessage(`Greenroom – ${words.text}: ${words.detail ?? ''}`, showLog)
      .then(choice => {
        if (choice) void vscode.commands.executeCommand(commandIds.showLog);
      });
  }

  private hasBeenTold(place: string, text: string): boolean {
    const texts = this.told.get(place) ?? new Set();
    this.told.set(place, texts);
    const has = texts.has(text);
    texts.add(text);
    return has;
  }
}

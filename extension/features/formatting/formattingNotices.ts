import * as vscode from 'vscode';
import type { Log } from '../../log/log.ts';
import { TroubleNotices } from '../troubleNotices.ts';
import type { DocumentFormatter } from './documentFormatter.ts';
import { describeOutcome } from './outcomeWords.ts';

/** Tells the user when formatting was not done, once per trouble. */
export class FormattingNotices implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(formatter: DocumentFormatter, log: Log) {
    const notices = new TroubleNotices(log, 'formatting was not done');
    this.subscription = formatter.onDidFormat(({ document, outcome }) => {
      const words = describeOutcome(outcome);
      if (!words) return;
      const place = 'by' in outcome ? (outcome.by?.root ?? '') : '';
      notices.handle(words, place, vscode.workspace.asRelativePath(document.uri));
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

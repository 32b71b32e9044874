import * as vscode from 'vscode';
import type { DocumentLinter } from './documentLinter.ts';
import type { LintTargets } from './lintTarget.ts';
import { Withdrawal } from './withdrawal.ts';

/** Applies all fixes of a document at once. */
export class FixAll {
  constructor(
    private readonly linter: DocumentLinter,
    private readonly targets: LintTargets,
  ) {}

  /** What is left to fix; nothing when it cannot be found out, which the linting of the document tells. */
  async edits(
    document: vscode.TextDocument,
    token?: vscode.CancellationToken,
  ): Promise<vscode.TextEdit[]> {
    if (!this.targets.isMeant(document)) return [];
    const withdrawal = new Withdrawal();
    const subscription = token?.onCancellationRequested(() => withdrawal.withdraw());
    try {
      const outcome = await this.linter.fix(document, withdrawal);
      const isFixed = outcome.kind === 'reported' && outcome.report.kind === 'fixed';
      if (!isFixed || token?.isCancellationRequested) return [];
      const { start, end, text } = outcome.report.edit;
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      return [vscode.TextEdit.replace(range, text)];
    } finally {
      subscription?.dispose();
    }
  }
}

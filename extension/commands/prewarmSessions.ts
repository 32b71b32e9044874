import * as vscode from 'vscode';
import type { Prewarming } from '../features/formatting/prewarming.ts';

/** Starts the sessions of every folder and open document, with progress; says so when there is none. */
export const prewarmSessions = (prewarming: Prewarming) => async () => {
  const warm = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Prewarming sessions…') },
    () => prewarming.prewarmAll(),
  );
  if (warm > 0) return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('There is nothing to prewarm: open a folder or a file that a tool can format.'),
  );
};

import * as vscode from 'vscode';

/** Starts the sessions of every folder and open document, with progress; says so when there is none. */
export const prewarmSessions = (prewarmAll: () => Promise<number>) => async () => {
  const warm = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Prewarming sessions…') },
    prewarmAll,
  );
  if (warm > 0) return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('There is nothing to prewarm: open a folder or a file that a tool can format.'),
  );
};

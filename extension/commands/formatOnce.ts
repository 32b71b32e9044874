import * as vscode from 'vscode';
import type { DocumentFormatter } from '../features/formatting/documentFormatter.ts';

/** Formats the active document in a process of its own, which helps while its sessions only crash. */
export const formatOnce =
  (formatterOf: (document: vscode.TextDocument) => DocumentFormatter) => async () => {
    const document = vscode.window.activeTextEditor?.document;
    if (!document) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no document to format.'));
      return;
    }
    const location = { location: vscode.ProgressLocation.Window, cancellable: true };
    const title = vscode.l10n.t('Formatting…');
    await vscode.window.withProgress({ ...location, title }, async (_progress, token) => {
      const edits = await formatterOf(document).edits(document, undefined, token, true);
      const change = new vscode.WorkspaceEdit();
      change.set(document.uri, edits);
      await vscode.workspace.applyEdit(change);
    });
  };

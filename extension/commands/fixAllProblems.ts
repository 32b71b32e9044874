import * as vscode from 'vscode';
import type { FixAll } from '../features/linting/fixAll.ts';

/** Applies all fixes to the document in front, as saving can do. */
export const fixAllProblems = (fixAll: FixAll) => async () => {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return;
  const { version } = document;
  const edits = await fixAll.edits(document);
  if (edits.length === 0 || document.version !== version) return;
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits);
  await vscode.workspace.applyEdit(edit);
};

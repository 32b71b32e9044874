import * as vscode from 'vscode';

/** The document of that address, where it is open. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const asked = uri.toString();
  return vscode.workspace.textDocuments.find(one => one.uri.toString() === asked);
}

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { GreenroomApi } from '../../extension/api.ts';
import type { SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';

const extension = vscode.extensions.getExtension<GreenroomApi>('greenroom.greenroom')!;

export function greenroom(): Promise<GreenroomApi> {
  return Promise.resolve(extension.activate());
}

export type FolderName =
  'two' | 'three' | 'bundled' | 'looping' | 'linted' | 'python' | 'servers' | 'part';

export function folder(name: FolderName): vscode.WorkspaceFolder {
  return vscode.workspace.workspaceFolders!.find(candidate => candidate.name === name)!;
}

const languageServers = [
  'bash-language-server',
  'typescript-language-server',
  'vscode-langservers-extracted',
  'yaml-language-server',
];

/** Gives the folders of the fixture what is not checked in: installed packages, a large file. */
export function installPackages(): void {
  const install = (name: FolderName, from: string, tool = 'prettier') => {
    const target = path.join(folder(name).uri.fsPath, 'node_modules', tool);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    if (!fs.existsSync(target))
      fs.symlinkSync(path.join(extension.extensionPath, from), target, 'junction');
  };
  install('two', 'node_modules/prettier-2');
  install('three', 'node_modules/prettier');
  for (const tool of ['eslint', 'typescript', 'typescript-eslint']) {
    install('linted', `node_modules/${tool}`, tool);
  }
  for (const name of ['eslint', 'typescript', ...languageServers]) {
    install('servers', `node_modules/${name}`, name);
  }
  fs.writeFileSync(
    path.join(folder('three').uri.fsPath, 'src/large.yaml'),
    Array.from({ length: 20_000 }, (_, n) => `key${n}:   { a:   ${n} }\n`).join(''),
  );
  fs.copyFileSync(
    path.join(extension.extensionPath, 'test/fixtures/plugins/loops.mjs'),
    path.join(folder('looping').uri.fsPath, 'loops.mjs'),
  );
}

export function open(name: FolderName, file: string): Promise<vscode.TextDocument> {
  return openUri(vscode.Uri.joinPath(folder(name).uri, file));
}

export async function openUri(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** A document that was never saved. */
export async function untitled(language: string, content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** What the editor would do: `undefined` when nobody offers to format the document. */
export function formattingEdits(
  document: vscode.TextDocument,
): Thenable<vscode.TextEdit[] | undefined> {
  return vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', document.uri, {
    tabSize: 2,
    insertSpaces: true,
  });
}

export function rangeEdits(
  document: vscode.TextDocument,
  range: vscode.Range,
): Thenable<vscode.TextEdit[] | undefined> {
  return vscode.commands.executeCommand('vscode.executeFormatRangeProvider', document.uri, range, {
    tabSize: 2,
    insertSpaces: true,
  });
}

/** Text of the document after its formatting; the document itself stays as it is. */
export async function formatted(document: vscode.TextDocument): Promise<string> {
  return applied(document, (await formattingEdits(document)) ?? []);
}

export function applied(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  const descending = [...edits].sort((a, b) => b.range.start.compareTo(a.range.start));
  return descending.reduce(
    (text, { range, newText }) =>
      text.slice(0, document.offsetAt(range.start)) +
      newText +
      text.slice(document.offsetAt(range.end)),
    document.getText(),
  );
}

/** Whether the modules are installed for this Python. */
export function hasModules(interpreter: string, ...modules: readonly string[]): boolean {
  try {
    execFileSync(interpreter, ['-c', `import ${modules.join(', ')}`]);
    return true;
  } catch {
    return false;
  }
}

export async function replaceAll(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
}

/** Waits until the condition gives something; the test's own timeout bounds it. */
export async function eventually<T>(condition: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const value = await condition();
    if (value) return value;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

export async function liveSessions(): Promise<SessionSnapshot[]> {
  const { sessions } = await (await greenroom()).snapshot();
  return sessions.filter(({ state }) => state !== 'closed');
}

export async function setSetting(key: string, value: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(key, value, vscode.ConfigurationTarget.Workspace);
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';
import { eventually, folder, installPackages, liveSessions } from './workspace.ts';

/** Has these servers in the folder, and no others. */
export async function use(...entries: readonly object[]): Promise<void> {
  const settings = vscode.workspace.getConfiguration('greenroom', folder('servers').uri);
  const target = vscode.ConfigurationTarget.WorkspaceFolder;
  await settings.update('languageServers', entries.length > 0 ? entries : undefined, target);
}

export async function prefer(provider: 'tools' | 'servers' | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration('greenroom', folder('servers').uri);
  await settings.update('preferredProvider', provider, vscode.ConfigurationTarget.WorkspaceFolder);
}

export async function sessionOf(name: string): Promise<SessionSnapshot | undefined> {
  const sessions = await liveSessions();
  return sessions.find(
    ({ state, tools }) => state === 'ready' && tools.some(tool => tool.name === name),
  );
}

/** Resolves when the server has answered `initialize`. */
export function running(name: string): Promise<SessionSnapshot> {
  return eventually(() => sessionOf(name));
}

export function at(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${text} in ${document.fileName}`);
  return document.positionAt(offset + text.length);
}

export function ask<T>(
  command: string,
  { uri }: vscode.TextDocument,
  ...args: unknown[]
): Thenable<T> {
  return vscode.commands.executeCommand<T>(command, uri, ...args);
}

/** Labels of what the editor would suggest. */
export async function completions(document: vscode.TextDocument, position: vscode.Position) {
  const list = await ask<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document,
    position,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

export async function hovers(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<string> {
  const found = await ask<vscode.Hover[]>('vscode.executeHoverProvider', document, position);
  const contents = found.flatMap(hover => hover.contents);
  return contents.map(one => (typeof one === 'string' ? one : one.value)).join('\n');
}

export function problems(document: vscode.TextDocument, source: string): string[] {
  const all = vscode.languages.getDiagnostics(document.uri);
  return all.filter(one => one.source === source).map(({ message }) => message);
}

export function fixture(name: string): string {
  const { extensionPath } = vscode.extensions.getExtension('greenroom.greenroom')!;
  return path.join(extensionPath, 'test/fixtures/language-servers', name);
}

export const mirrors = {
  name: 'mirrors',
  module: fixture('mirrors.mjs'),
  languages: ['plaintext'],
};

/** Before and after each test: no servers, no open documents. */
export function withoutServers(): void {
  before(() => installPackages());

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await use();
    await prefer(undefined);
    await eventually(async () => (await sessionOf('mirrors')) === undefined);
  });
}

/** What `mirrors` says when it holds the same text as the editor. */
export function hashOf(document: vscode.TextDocument): RegExp {
  return new RegExp(createHash('sha256').update(document.getText()).digest('hex'), 'u');
}

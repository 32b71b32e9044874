import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import type { SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';
import {
  eventually,
  folder,
  greenroom,
  installPackages,
  liveSessions,
  open,
  replaceAll,
} from './workspace.ts';

/** Has these servers in the folder, and no others. */
async function use(...entries: readonly object[]): Promise<void> {
  const settings = vscode.workspace.getConfiguration('greenroom', folder('servers').uri);
  const target = vscode.ConfigurationTarget.WorkspaceFolder;
  await settings.update('languageServers', entries.length > 0 ? entries : undefined, target);
}

async function prefer(provider: 'tools' | 'servers' | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration('greenroom', folder('servers').uri);
  await settings.update('preferredProvider', provider, vscode.ConfigurationTarget.WorkspaceFolder);
}

async function sessionOf(name: string): Promise<SessionSnapshot | undefined> {
  const sessions = await liveSessions();
  return sessions.find(
    ({ state, tools }) => state === 'ready' && tools.some(tool => tool.name === name),
  );
}

/** Resolves when the server has answered `initialize`. */
function running(name: string): Promise<SessionSnapshot> {
  return eventually(() => sessionOf(name));
}

function at(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${text} in ${document.fileName}`);
  return document.positionAt(offset + text.length);
}

function ask<T>(command: string, { uri }: vscode.TextDocument, ...args: unknown[]): Thenable<T> {
  return vscode.commands.executeCommand<T>(command, uri, ...args);
}

/** Labels of what the editor would suggest. */
async function completions(document: vscode.TextDocument, position: vscode.Position) {
  const list = await ask<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document,
    position,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

async function hovers(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const found = await ask<vscode.Hover[]>('vscode.executeHoverProvider', document, position);
  const contents = found.flatMap(hover => hover.contents);
  return contents.map(one => (typeof one === 'string' ? one : one.value)).join('\n');
}

function problems(document: vscode.TextDocument, source: string): string[] {
  const all = vscode.languages.getDiagnostics(document.uri);
  return all.filter(one => one.source === source).map(({ message }) => message);
}

const editsAtOnce = 20;

/** Changes of as many different lines, the same in each run. */
function* randomChanges(seed: number) {
  let random = seed + 1;
  const next = (bound: number) => (random = (random * 48_271) % 2_147_483_647) % bound;
  for (let count = 0; count < editsAtOnce; count++) {
    const line = count * 5 + next(5);
    const text = ['a', 'ä', '', '😀', 'word ', '\n'][next(6)]!;
    yield { line, from: next(10), length: next(5), text };
  }
}

const mirrors = {
  name: 'mirrors',
  module: path.join(
    vscode.extensions.getExtension('greenroom.greenroom')!.extensionPath,
    'test/fixtures/language-servers/mirrors.mjs',
  ),
  languages: ['plaintext'],
};

describe.only('language servers', () => {
  before(() => installPackages());

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await use();
    await prefer(undefined);
    await eventually(async () => (await sessionOf('mirrors')) === undefined);
  });

  it('are started and initialised before a document of theirs is opened', async () => {
    await use({ name: 'yaml-language-server' });
    const { tools, confinement, leases } = await running('yaml-language-server');
    assert.deepEqual(tools, [
      { name: 'yaml-language-server', version: '2.0.0', origin: 'project' },
    ]);
    assert.notEqual(confinement?.mechanism, undefined);
    await eventually(async () => (await running('yaml-language-server')).leases === 0);
    assert.ok(leases <= 1);
  });

  it('complete, describe and check YAML', async () => {
    await use({ name: 'yaml-language-server' });
    const document = await open('servers', 'shop.yaml');
    const symbols = await eventually(async () => {
      const found = await ask<vscode.DocumentSymbol[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        document,
      );
      return found && found.length > 0 && found;
    });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['name', 'services'],
    );
    await replaceAll(document, 'name: [shop\n');
    await eventually(async () => problems(document, 'YAML').length > 0);
  });

  it('do for TypeScript what an editor wants', async () => {
    await use({ name: 'typescript-language-server' });
    const document = await open('servers', 'src/shop.ts');
    await running('typescript-language-server');
    await eventually(async () =>
      problems(document, 'typescript').some(message => /'string' is not assignable/u.test(message)),
    );
    assert.ok((await completions(document, at(document, 'cart.'))).includes('items'));
    assert.match(
      await hovers(document, at(document, 'map(item => pri')),
      /priceOf\(item: string\)/u,
    );
    const [place] = await ask<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document,
      at(document, 'map(item => pri'),
    );
    const target = 'uri' in place! ? place.uri : place!.targetUri;
    assert.equal(path.basename(target.fsPath), 'price.ts');
    const edit = await ask<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document,
      at(document, 'map(item => pri'),
      'costOf',
    );
    assert.ok(edit.size > 0); // the editor's own TypeScript may have been asked
    const { recentCalls } = await (await greenroom()).snapshot();
    const ok = recentCalls.filter(({ outcome }) => outcome === 'ok').map(({ method }) => method);
    for (const method of ['completion', 'hover', 'definition']) {
      assert.ok(ok.includes(`textDocument/${method}`), method);
    }
  });

  it('come back after a crash: what was asked is answered, what was typed is there', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    const { pid } = await running('mirrors');
    await replaceAll(document, 'one\ntwo\n');
    const pending = completions(document, new vscode.Position(0, 0));
    process.kill(pid!, 'SIGKILL');
    await replaceAll(document, 'one\ntwo\nthree\n');
    const labels = await pending;
    const { pid: next } = await running('mirrors');
    assert.notEqual(next, pid);
    assert.ok(labels.length > 0);
    const hash = createHash('sha256').update(document.getText()).digest('hex');
    assert.match(await hovers(document, new vscode.Position(0, 0)), new RegExp(hash, 'u'));
  });

  it('have the same text after thousands of edits', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    await running('mirrors');
    const editor = vscode.window.activeTextEditor!;
    await replaceAll(document, 'word word\n'.repeat(100));
    for (let edit = 0; edit < 5_000; edit += editsAtOnce) {
      await editor.edit(builder => {
        for (const { line, ...change } of randomChanges(edit)) {
          const { text } = document.lineAt(line);
          const from = Math.min(change.from, text.length);
          const to = Math.min(from + change.length, text.length);
          builder.replace(new vscode.Range(line, from, line, to), change.text);
        }
      });
    }
    const hash = createHash('sha256').update(document.getText()).digest('hex');
    assert.match(await hovers(document, new vscode.Position(0, 0)), new RegExp(hash, 'u'));
  }).timeout(60_000);
});

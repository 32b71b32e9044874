import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/contributions.ts';
import type { SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';
import {
  eventually,
  folder,
  formatted,
  greenroom,
  installPackages,
  liveSessions,
  open,
  replaceAll,
  setSetting,
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

function fixture(name: string): string {
  const { extensionPath } = vscode.extensions.getExtension('greenroom.greenroom')!;
  return path.join(extensionPath, 'test/fixtures/language-servers', name);
}

const mirrors = {
  name: 'mirrors',
  module: fixture('mirrors.mjs'),
  languages: ['plaintext'],
};

describe('language servers', () => {
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

  it('are enabled by a command, which shows those that are there', async () => {
    await open('servers', 'run.sh');
    const chosen = vscode.commands.executeCommand(commandIds.enableLanguageServer);
    await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return sessionOf('bash-language-server');
    });
    await chosen;
    const settings = vscode.workspace.getConfiguration('greenroom', folder('servers').uri);
    assert.deepEqual(settings.get('languageServers'), [{ name: 'bash-language-server' }]);
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
  it('check shell scripts, and describe what is in them', async () => {
    await use({ name: 'bash-language-server' });
    const document = await open('servers', 'run.sh');
    await running('bash-language-server');
    assert.match(await hovers(document, at(document, '}\ngre')), /greet/u);
    const labels = await completions(document, at(document, 'world\ngree'));
    assert.ok(labels.includes('greet'), labels.join());
  });

  it('check JSON by its schema, and describe it', async () => {
    await use({ name: 'vscode-json-language-server' });
    const document = await open('servers', 'shop.json');
    await running('vscode-json-language-server');
    assert.match(await hovers(document, at(document, '"ki')), /What is sold/u);
  });

  it('find the problems of ESLint where the user prefers servers, and leave them to the tool else', async () => {
    await use({ name: 'vscode-eslint-language-server' });
    const document = await open('servers', 'src/careless.js');
    const count = () => problems(document, 'eslint').length;
    await eventually(async () => count() === 1);
    await prefer('servers');
    const session = await running('vscode-eslint-language-server');
    await eventually(async () => count() === 1 && !(await lints()));
    assert.equal(session.state, 'ready');
    await eventually(async () => {
      const found = await ask<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document,
        new vscode.Range(0, 0, 0, 3),
        'quickfix',
      ).then(undefined, () => []); // cancelled, when the document was looked at meanwhile
      return found.some(({ title }) => /no-var/u.test(title));
    });
    async function lints() {
      const { recentCalls } = await (await greenroom()).snapshot();
      return recentCalls.at(-1)?.tool === 'eslint';
    }
  }).timeout(60_000);

  it('complete and describe Python', async function () {
    const interpreter = '/usr/bin/python3';
    try {
      execFileSync(interpreter, ['-c', 'import pylsp']);
    } catch {
      return this.skip(); // it is not installed for this interpreter
    }
    await setSetting('greenroom.python.interpreter', interpreter);
    await use({ name: 'pylsp' });
    const document = await open('servers', 'stock.py');
    await running('pylsp');
    const labels = await completions(document, at(document, 'print(cou'));
    assert.ok(
      labels.some(label => label.startsWith('count')),
      labels.join(),
    );
    assert.match(await hovers(document, at(document, 'print(cou')), /count\(items\)/u);
    await setSetting('greenroom.python.interpreter', undefined);
  }).timeout(60_000);

  it('format nothing that a tool formats, unless the user prefers them', async () => {
    await use({ ...mirrors, languages: ['yaml'] });
    const document = await open('servers', 'shop.yaml');
    await running('mirrors');
    assert.match(await formatted(document), /^name: shop\nservices:\n {2}- tea/u);
    await prefer('servers');
    await eventually(async () => (await formatted(document)).startsWith('formatted name:'));
    await prefer('tools');
    await eventually(async () => (await formatted(document)).startsWith('name:'));
  });

  it('format what no tool formats', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    await running('mirrors');
    await eventually(async () => (await formatted(document)).startsWith('formatted notes'));
  });

  it('may change the workspace and nothing else', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    await running('mirrors');
    const names = await vscode.commands.getCommands();
    const edit = names.find(name => /^greenroom\.server\..+\.edit$/u.test(name))!;
    const start = { line: 0, character: 0 };
    const ask = (uri: string) =>
      vscode.commands.executeCommand<{ applied: boolean; failureReason?: string }>(edit, uri, {
        start,
        end: start,
      });
    assert.equal((await ask(document.uri.toString())).applied, true);
    assert.match(document.getText(), /^edited/u);
    const outside = vscode.Uri.file(path.join(tmpdir(), 'outside.txt')).toString();
    const { applied, failureReason } = await ask(outside);
    assert.equal(applied, false);
    assert.match(failureReason!, /outside of the workspace/u);
  });

  it('offer to do what they may, and nothing else', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    await running('mirrors');
    const range = new vscode.Range(0, 0, 0, 1);
    const actions = await ask<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document,
      range,
    );
    const offered = actions.map(({ title, edit, command }) => {
      const name = command?.command.replace(/^greenroom\.server\.[^.]+\./u, '');
      return [title, edit ? 'edits' : (name ?? 'nothing')].join(': ');
    });
    assert.deepEqual(offered.sort(), ['foreign: nothing', 'inside: edits', 'own: edit']);
  });

  it('are not asked a third time what two of them have not survived', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    const first = await running('mirrors');
    await ask('vscode.executeDefinitionProvider', document, new vscode.Position(0, 0));
    const { id } = await running('mirrors');
    const { sessions } = await (await greenroom()).snapshot();
    const crashed = sessions.filter(({ reason }) => /exit code 4/u.test(reason?.detail ?? ''));
    assert.equal(crashed.length, 2);
    assert.notEqual(id, first.id);
    const hash = createHash('sha256').update(document.getText()).digest('hex');
    assert.match(await hovers(document, new vscode.Position(0, 0)), new RegExp(hash, 'u'));
  });

  it('that were closed come back with the next document, and are restarted on command', async () => {
    await use(mirrors);
    await open('servers', 'notes.txt');
    await running('mirrors');
    await vscode.commands.executeCommand(commandIds.closeAllSessions);
    await eventually(async () => (await liveSessions()).length === 0);
    const document = await open('servers', 'more.txt');
    const { id } = await running('mirrors');
    await replaceAll(document, 'something new\n');
    const restarted = vscode.commands.executeCommand(commandIds.restartSession);
    const next = await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const session = await sessionOf('mirrors');
      return session?.id !== id && session;
    });
    await restarted;
    assert.equal(next.cause, 'restart');
    const hash = createHash('sha256').update(document.getText()).digest('hex');
    assert.match(await hovers(document, new vscode.Position(0, 0)), new RegExp(hash, 'u'));
  });

  it('keep the problems they have told while another takes their place', async () => {
    await use({ name: 'yaml-language-server' });
    const document = await open('servers', 'shop.yaml');
    await replaceAll(document, 'name: [shop\n');
    const { pid, id } = await running('yaml-language-server');
    const count = () => problems(document, 'YAML').length;
    await eventually(async () => count() > 0);
    process.kill(pid!, 'SIGKILL');
    const isGone = () => liveSessions().then(sessions => !sessions.some(one => one.id === id));
    await eventually(async () => (await isGone()) || assert.ok(count() > 0));
    assert.ok(count() > 0);
    await running('yaml-language-server');
    await replaceAll(document, 'name: shop\n');
    await eventually(async () => count() === 0);
  });

  it('are one for each folder, and what happens in one folder is nothing to the other', async () => {
    await use(mirrors);
    const [first, other] = ['notes.txt', 'linted'] as const;
    await open('servers', first);
    const { pid } = await running('mirrors');
    const settings = vscode.workspace.getConfiguration('greenroom', folder(other).uri);
    const target = vscode.ConfigurationTarget.WorkspaceFolder;
    await settings.update('languageServers', [mirrors], target);
    const all = () =>
      liveSessions().then(sessions =>
        sessions.filter(({ tools }) => tools.some(({ name }) => name === 'mirrors')),
      );
    await vscode.commands.executeCommand(commandIds.prewarmSessions);
    await eventually(async () => (await all()).length === 2);
    await settings.update('languageServers', undefined, target);
    await eventually(async () => (await all()).length === 1);
    assert.equal((await all())[0]!.pid, pid);
  }).timeout(60_000);

  it('that only crash are not started again and again', async () => {
    await use({ ...mirrors, name: 'crashes', module: fixture('exitsAtOnce.mjs') });
    await open('servers', 'notes.txt');
    await eventually(async () => {
      const { lifecycle } = await (await greenroom()).snapshot();
      return lifecycle.some(
        ({ kind, detail }) => kind === 'suspended' && /exit code 3/u.test(detail ?? ''),
      );
    });
  });
});

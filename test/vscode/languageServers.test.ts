import assert from 'node:assert/strict';
import process from 'node:process';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/contributions.ts';
import {
  use,
  sessionOf,
  running,
  ask,
  completions,
  hovers,
  problems,
  fixture,
  mirrors,
  hashOf,
  withoutServers,
} from './servers.ts';
import {
  eventually,
  folder,
  greenroom,
  liveSessions,
  open,
  replaceAll,
  setSetting,
} from './workspace.ts';
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

const start = new vscode.Position(0, 0);

describe('language servers', () => {
  withoutServers();

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

  it('have read a file of theirs before one is opened, of which nothing shows', async () => {
    await use({ ...mirrors, languages: ['python'] });
    await running('mirrors');
    const asked = async (method: string) => {
      const { methods } = await (await greenroom()).snapshot();
      const found = methods.filter(one => one.tool === 'mirrors' && one.method === method);
      return found.reduce((sum, { count }) => sum + count, 0);
    };
    await eventually(async () => (await asked('textDocument/completion')) > 0);
    const [opened, closed] = [
      await asked('textDocument/didOpen'),
      await asked('textDocument/didClose'),
    ];
    assert.equal(
      vscode.workspace.textDocuments.some(one => one.fileName.endsWith('stock.py')),
      false,
    );
    const document = await open('servers', 'stock.py');
    await eventually(async () => (await asked('textDocument/didClose')) === closed + 1);
    await eventually(async () => (await asked('textDocument/didOpen')) === opened + 1);
    assert.match(await hovers(document, start), hashOf(document));
  });

  it('come back after a crash: what was asked is answered, what was typed is there', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    const { pid } = await running('mirrors');
    await replaceAll(document, 'one\ntwo\n');
    const pending = completions(document, start);
    process.kill(pid!, 'SIGKILL');
    const labels = await pending;
    await replaceAll(document, 'one\ntwo\nthree\n');
    const { pid: next } = await running('mirrors');
    assert.notEqual(next, pid);
    assert.ok(labels.length > 0);
    assert.match(await hovers(document, start), hashOf(document));
  });

  it('answer nothing about a text that somebody has gone on typing in since', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    const { pid } = await running('mirrors');
    const pending = completions(document, start);
    process.kill(pid!, 'SIGKILL');
    await replaceAll(document, 'something else\n');
    assert.deepEqual(
      (await pending).filter(label => label.startsWith('of ')),
      [],
    );
    await eventually(async () => hashOf(document).test(await hovers(document, start)));
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
    assert.match(await hovers(document, start), hashOf(document));
  }).timeout(60_000);
  it('are not asked a third time what two of them have not survived', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    const first = await running('mirrors');
    await ask('vscode.executeDefinitionProvider', document, start);
    const { id } = await running('mirrors');
    const { sessions } = await (await greenroom()).snapshot();
    const crashed = sessions.filter(({ reason }) => /exit code 4/u.test(reason?.detail ?? ''));
    assert.equal(crashed.length, 2);
    assert.notEqual(id, first.id);
    assert.match(await hovers(document, start), hashOf(document));
  });

  it('that were closed come back when they are used, and are restarted on command', async () => {
    await use(mirrors);
    await open('servers', 'notes.txt');
    await running('mirrors');
    await vscode.commands.executeCommand(commandIds.closeAllSessions);
    await eventually(async () => (await liveSessions()).length === 0);
    const document = vscode.window.activeTextEditor!.document;
    await replaceAll(document, 'something new\n');
    const { id } = await running('mirrors');
    const restarted = vscode.commands.executeCommand(commandIds.restartSession);
    const next = await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const session = await sessionOf('mirrors');
      return session?.id !== id && session;
    });
    await restarted;
    assert.equal(next.cause, 'restart');
    const processes = (await liveSessions()).filter(({ key }) => key === next.key);
    assert.deepEqual(
      processes.map(({ pid }) => pid),
      [next.pid],
    );
    assert.match(await hovers(document, start), hashOf(document));
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

  it('are one for all folders when their entry says so', async () => {
    const shared = { ...mirrors, workspaceScoped: true };
    await use(shared);
    await open('servers', 'notes.txt');
    const settings = vscode.workspace.getConfiguration('greenroom', folder('linted').uri);
    const target = vscode.ConfigurationTarget.WorkspaceFolder;
    await settings.update('languageServers', [shared], target);
    await vscode.commands.executeCommand(commandIds.prewarmSessions);
    const own = (await liveSessions()).filter(({ tools }) =>
      tools.some(({ name }) => name === 'mirrors'),
    );
    assert.equal(own.length, 1);
    const elsewhere = await open('linted', 'tsconfig.json');
    await vscode.languages.setTextDocumentLanguage(elsewhere, 'plaintext');
    const text = await vscode.workspace.openTextDocument(elsewhere.uri);
    assert.match(await hovers(text, start), hashOf(text));
    await settings.update('languageServers', undefined, target);
  });

  it('are what their entry says at last, however often it changed while they started', async () => {
    const document = await open('servers', 'notes.txt');
    for (let n = 0; n < 5; n++) await use({ ...mirrors, args: [`--nth=${n}`] });
    await use(mirrors);
    await running('mirrors');
    await eventually(async () => hashOf(document).test(await hovers(document, start)));
    const own = async () =>
      (await liveSessions()).filter(({ key }) => /^server(?:%20| )mirrors/u.test(key));
    await eventually(async () => (await own()).length === 1);
  });

  it('go on with the documents that are open when a limit of sessions changes', async () => {
    await use(mirrors);
    const document = await open('servers', 'notes.txt');
    const { id } = await running('mirrors');
    await setSetting('greenroom.sessions.slowAfter', 7);
    try {
      await eventually(async () => {
        const session = await sessionOf('mirrors');
        return session !== undefined && session.id !== id;
      });
      await eventually(async () => hashOf(document).test(await hovers(document, start)));
    } finally {
      await setSetting('greenroom.sessions.slowAfter', undefined);
    }
  });

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

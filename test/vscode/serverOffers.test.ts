import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { use, prefer, running, ask, problems, mirrors, withoutServers } from './servers.ts';
import { eventually, formatted, greenroom, open } from './workspace.ts';
describe('what language servers offer', () => {
  withoutServers();

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

  it('format nothing that a tool formats, unless the user prefers them', async () => {
    await use({ ...mirrors, languages: ['yaml'] });
    const document = await open('servers', 'shop.yaml');
    await running('mirrors');
    assert.match(await formatted(document), /\nservices:\n {2}- tea/u);
    await prefer('servers');
    await eventually(async () => (await formatted(document)).startsWith('formatted #'));
    await prefer('tools');
    await eventually(async () => (await formatted(document)).startsWith('#'));
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
    assert.match(failureReason!, /may not change .*outside/u);
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
});

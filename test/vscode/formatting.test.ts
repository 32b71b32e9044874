import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { usageOf } from '../../extension/sessions/processUsage.ts';
import {
  applied,
  eventually,
  folder,
  formatted,
  formattingEdits,
  greenroom,
  installPackages,
  liveSessions,
  open,
  openUri,
  rangeEdits,
  replaceAll,
  setSetting,
  untitled,
  type FolderName,
} from './workspace.ts';

// Where nothing is to happen, documents are YAML: the editor brings no other formatter for it, which
// it would fall back to.
async function isBusy(label: FolderName): Promise<boolean> {
  return (await liveSessions()).some(session => session.label === label && session.leases > 0);
}

const messy = 'const   a = {b:1}\n';

describe('formatting', () => {
  before(installPackages);

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it("uses each folder's own Prettier", async () => {
    // Version 2 puts no comma behind the last argument, version 3 does.
    assert.match(await formatted(await open('two', 'src/long.ts')), /argumentNumberThree\n/u);
    assert.match(await formatted(await open('three', 'src/long.ts')), /argumentNumberThree,\n/u);
    const versions = (await liveSessions()).flatMap(({ tools }) => tools.map(tool => tool.version));
    assert.ok(versions.some(version => version.startsWith('2.')));
    assert.ok(versions.some(version => version.startsWith('3.')));
  });

  it('uses the bundled Prettier, and the configuration, of a project without one', async () => {
    assert.equal(await formatted(await open('bundled', 'src/a.ts')), 'const a = { b: 1 }\n');
    const tools = (await liveSessions()).flatMap(session => session.tools);
    assert.ok(tools.some(({ origin }) => origin === 'bundled'));
  });

  it('loads no Prettier into the extension host', async () => {
    await formatted(await open('three', 'src/long.ts'));
    const loaded = Object.keys(require.cache).filter(file => /[\\/]prettier(-2)?[\\/]/u.test(file));
    assert.deepEqual(loaded, []);
  });

  it('changes only the selection', async () => {
    const document = await untitled('typescript', 'a  =  1\nb  =  2\n');
    const edits = await rangeEdits(document, new vscode.Range(1, 0, 1, 7));
    assert.equal(applied(document, edits ?? []), 'a  =  1\nb = 2;\n');
  });

  it('happens on save', async () => {
    const document = await open('bundled', 'src/a.ts');
    const original = document.getText();
    await setSetting('editor.formatOnSave', true);
    try {
      await replaceAll(document, 'let   saved=1\n');
      assert.equal(await document.save(), true);
      assert.equal(fs.readFileSync(document.uri.fsPath, 'utf8'), 'let saved = 1\n');
    } finally {
      await setSetting('editor.formatOnSave', undefined);
      fs.writeFileSync(document.uri.fsPath, original);
    }
  });

  it('works on a document that was never saved', async () => {
    assert.equal(await formatted(await untitled('typescript', messy)), 'const a = { b: 1 };\n');
  });

  it('works on a file outside every folder', async () => {
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-outside-'));
    try {
      const file = path.join(outside, 'a.ts');
      fs.writeFileSync(file, messy);
      assert.equal(await formatted(await openUri(vscode.Uri.file(file))), 'const a = { b: 1 };\n');
    } finally {
      fs.rmSync(outside, { recursive: true });
    }
  });

  it('is not offered for documents that are not files', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('elsewhere', {
      provideTextDocumentContent: () => 'a:   1\n',
    });
    try {
      const document = await openUri(vscode.Uri.parse('elsewhere:/a.yaml'));
      assert.equal(document.languageId, 'yaml');
      assert.equal((await formattingEdits(document))?.length ?? 0, 0);
    } finally {
      provider.dispose();
    }
  });

  it('leaves a document with a syntax error untouched', async () => {
    const broken = 'a:   [1\nb: 2\n';
    assert.equal(await formatted(await untitled('yaml', broken)), broken);
  });

  it("turns line endings into those the project's configuration asks for", async () => {
    const document = await untitled('typescript', 'a;\r\nb  ;\r\n');
    assert.equal(document.eol, vscode.EndOfLine.CRLF);
    await vscode.commands.executeCommand('editor.action.formatDocument');
    assert.equal(document.eol, vscode.EndOfLine.LF);
    assert.equal(document.getText(), 'a;\nb;\n');
  });

  it('drops its result when the document changed meanwhile', async () => {
    const document = await open('three', 'src/large.yaml');
    await eventually(async () => !(await isBusy('three')));
    const edits = formattingEdits(document);
    await eventually(() => isBusy('three'));
    await replaceAll(document, 'typed:   true\n');
    assert.equal((await edits)?.length ?? 0, 0);
    assert.equal(await formatted(document), 'typed: true\n');
  });

  it('gives two hundred documents, formatted at once, their own text each', async () => {
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    const documents = await Promise.all(
      numbers.map(n =>
        vscode.workspace.openTextDocument({ language: 'typescript', content: `v${n}  =  ${n}` }),
      ),
    );
    assert.deepEqual(
      await Promise.all(documents.map(formatted)),
      numbers.map(n => `v${n} = ${n};\n`),
    );
  }).timeout(60_000);

  it('fails without harm when its session is killed, and works the next time', async () => {
    const looping = await open('looping', 'src/a.loop');
    await vscode.commands.executeCommand('greenroom.prewarmSessions');
    const { pid } = (await liveSessions()).find(({ label }) => label === 'looping')!;
    const computed = async () => (await usageOf(pid!))!.processorMs;
    const before = await computed();
    let edits: Thenable<vscode.TextEdit[] | undefined> | undefined;
    // The plugin's language is offered as soon as its session is warm.
    await eventually(async () => {
      edits ??= formattingEdits(looping);
      return (await computed()) - before > 500;
    });
    process.kill(pid!, 'SIGKILL');
    assert.equal((await edits)?.length ?? 0, 0);
    assert.equal(await formatted(await open('looping', 'src/next.ts')), 'let next;\n');
    const [replacement] = (await liveSessions()).filter(({ label }) => label === 'looping');
    assert.notEqual(replacement!.pid, pid);
  });

  it('stops a plugin that loops for ever, and formats again', async () => {
    await setSetting('greenroom.prettier.timeout', 500);
    try {
      const looping = await open('looping', 'src/a.loop');
      await vscode.commands.executeCommand('greenroom.prewarmSessions');
      await eventually(async () => {
        assert.equal(await formatted(looping), looping.getText());
        const { sessions } = await (await greenroom()).snapshot();
        return sessions.some(({ reason }) => reason?.kind === 'stuck');
      });
      const next = await open('looping', 'src/next.ts');
      assert.equal(await formatted(next), 'let next;\n');
    } finally {
      await setSetting('greenroom.prettier.timeout', undefined);
    }
  }).timeout(60_000);

  it('uses the default of a setting of the wrong type', async () => {
    await setSetting('greenroom.prettier.timeout', 'soon');
    try {
      assert.equal(await formatted(await untitled('typescript', messy)), 'const a = { b: 1 };\n');
    } finally {
      await setSetting('greenroom.prettier.timeout', undefined);
    }
  });

  it('can be switched off', async () => {
    await setSetting('greenroom.prettier.enable', false);
    try {
      assert.equal(await formatted(await untitled('yaml', 'a:   1\n')), 'a:   1\n');
    } finally {
      await setSetting('greenroom.prettier.enable', undefined);
    }
  });

  it('leaves files alone when the project has no Prettier and none is wanted', async () => {
    await setSetting('greenroom.prettier.source', 'projectOnly');
    try {
      const document = await open('bundled', 'src/a.yaml');
      assert.equal(await formatted(document), document.getText());
    } finally {
      await setSetting('greenroom.prettier.source', undefined);
    }
  });

  it('follows configuration above the folder that is open, as in a monorepo', async () => {
    const document = await open('part', 'src/a.ts');
    assert.equal(await formatted(document), 'const a = { b: 1 };\n');
    const configuration = path.join(folder('part').uri.fsPath, '../../prettier.config.mjs');
    fs.writeFileSync(configuration, 'export default { semi: false };');
    await eventually(async () => (await formatted(document)) === 'const a = { b: 1 }\n');
  });

  it('follows configuration that is code when it changes on disk', async () => {
    const configuration = path.join(folder('three').uri.fsPath, 'prettier.config.cjs');
    const document = await open('three', 'src/long.ts');
    const semicolons = async () => (await formatted(document)).includes(');');
    fs.writeFileSync(configuration, 'module.exports = { semi: false };');
    try {
      await eventually(async () => !(await semicolons()));
      fs.writeFileSync(configuration, 'module.exports = { semi: true };');
      await eventually(semicolons);
    } finally {
      fs.rmSync(configuration);
    }
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/contributions.ts';
import {
  eventually,
  folder,
  installPackages,
  liveSessions,
  open,
  replaceAll,
  setSetting,
} from './workspace.ts';

/** The rules whose problems the editor shows. */
function rulesOf({ uri }: vscode.TextDocument): string[] {
  return vscode.languages.getDiagnostics(uri).flatMap(({ source, code }) => {
    if (source !== 'eslint') return [];
    return typeof code === 'object' ? [String(code.value)] : [String(code)];
  });
}

async function until(document: vscode.TextDocument, rules: readonly string[]): Promise<void> {
  await eventually(async () => rulesOf(document).join() === rules.join());
}

async function actions(
  document: vscode.TextDocument,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  return vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    whole,
    kind.value,
  );
}

/** Does what the action with this title would do. */
async function apply(document: vscode.TextDocument, title: RegExp): Promise<void> {
  const found = await actions(document, vscode.CodeActionKind.QuickFix);
  const action = found.find(candidate => title.test(candidate.title));
  assert.ok(action?.edit, `${title} among ${found.map(one => one.title).join(' | ')}`);
  await vscode.workspace.applyEdit(action.edit);
}

const careless = 'var a = 1;\nvar b = 2;\nexport { a, b };\n';

describe('linting', () => {
  before(async () => {
    installPackages();
    await vscode.commands.executeCommand(commandIds.lintAgain);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('shows problems while somebody types, and takes them back', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export const a = 1 == 2;\n');
    await until(document, ['eqeqeq']);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.deepEqual(problem!.range, new vscode.Range(0, 19, 0, 21));
    assert.equal(problem!.severity, vscode.DiagnosticSeverity.Error);
    assert.match(String((problem!.code as { target: vscode.Uri }).target), /rules\/eqeqeq$/u);
    await replaceAll(document, 'export const a = 1 === 2;\n');
    await until(document, []);
  });

  it('happens in a session of the folder, not in the extension host', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export var a = 1;\n');
    await until(document, ['no-var']);
    const sessions = (await liveSessions()).filter(({ tools }) =>
      tools.some(({ name }) => name === 'eslint'),
    );
    assert.ok(sessions.some(({ label }) => label === 'linted'));
    const loaded = Object.keys(require.cache).filter(file => /[\\/]eslint[\\/]/u.test(file));
    assert.deepEqual(loaded, []);
  });

  it('fixes one problem, or all of one rule', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, careless);
    await until(document, ['no-var', 'no-var']);
    await apply(document, /^Fix this problem of no-var/u);
    assert.equal(document.getText(), careless.replace('var', 'let'));
    await until(document, ['prefer-const', 'no-var']);
    await replaceAll(document, careless);
    await until(document, ['no-var', 'no-var']);
    await apply(document, /^Fix all problems of no-var/u);
    assert.equal(document.getText(), careless.replaceAll('var', 'let'));
  });

  it('offers what the rule suggests', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export const a = {}.hasOwnProperty("a");\n');
    await until(document, ['no-prototype-builtins']);
    await apply(document, /^Call Object\.prototype/u);
    assert.match(document.getText(), /Object\.prototype\.hasOwnProperty\.call/u);
    await until(document, []);
  });

  it('disables a rule for a line or for the file', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'if (a == b) c();\nif (d == e) f();\n');
    await until(document, ['eqeqeq', 'eqeqeq']);
    await apply(document, /^Disable eqeqeq for this line/u);
    await until(document, ['eqeqeq']);
    await replaceAll(document, 'if (a == b) c();\nif (d == e) f();\n');
    await until(document, ['eqeqeq', 'eqeqeq']);
    await apply(document, /^Disable eqeqeq for the entire file/u);
    await until(document, []);
    assert.match(document.getText(), /^\/\* eslint-disable eqeqeq \*\/\n/u);
  });

  it('offers the page that explains a rule', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export var a = 1;\n');
    await until(document, ['no-var']);
    const found = await actions(document, vscode.CodeActionKind.QuickFix);
    assert.ok(found.some(({ title }) => title === 'Show documentation for no-var'));
  });

  it('fixes everything on save', async () => {
    const document = await open('linted', 'src/b.js');
    const original = document.getText();
    await setSetting('editor.codeActionsOnSave', { 'source.fixAll.greenroom-eslint': 'explicit' });
    try {
      await replaceAll(document, 'let b = 2;\nvar c = 3;\nexport { b, c };\n');
      assert.equal(await document.save(), true);
      assert.equal(
        fs.readFileSync(document.uri.fsPath, 'utf8'),
        'const b = 2;\nconst c = 3;\nexport { b, c };\n',
      );
      await until(document, []);
    } finally {
      await setSetting('editor.codeActionsOnSave', undefined);
      fs.writeFileSync(document.uri.fsPath, original);
    }
  });

  it('fixes everything on command', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, careless);
    await vscode.commands.executeCommand(commandIds.fixAllProblems);
    assert.equal(document.getText(), careless.replaceAll('var', 'const'));
  });

  it('says nothing of files that the project ignores', async () => {
    const ignored = await open('linted', 'src/generated/c.js');
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export var a = 1;\n');
    await until(document, ['no-var']);
    assert.deepEqual(rulesOf(ignored), []);
  });

  it('takes the problems of a closed document back', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export var a = 1;\n');
    await until(document, ['no-var']);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await eventually(async () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('follows its configuration when it changes on disk', async () => {
    const configuration = path.join(folder('linted').uri.fsPath, 'eslint.config.mjs');
    const original = fs.readFileSync(configuration, 'utf8');
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export var a = 1;\n');
    await until(document, ['no-var']);
    fs.writeFileSync(configuration, original.replace("'no-var': 'error',", ''));
    try {
      await until(document, []);
      fs.writeFileSync(configuration, original);
      await until(document, ['no-var']);
    } finally {
      fs.writeFileSync(configuration, original);
    }
  });

  it('follows the types of another file when it changes on disk', async () => {
    const others = path.join(folder('linted').uri.fsPath, 'src/work.ts');
    const original = fs.readFileSync(others, 'utf8');
    const document = await open('linted', 'src/typed.ts');
    await until(document, ['@typescript-eslint/no-floating-promises']);
    fs.writeFileSync(others, original.replace('async ', ''));
    try {
      await until(document, []);
    } finally {
      fs.writeFileSync(others, original);
    }
    await until(document, ['@typescript-eslint/no-floating-promises']);
  });

  it('stops when the user switches it off, and goes on again', async () => {
    const document = await open('linted', 'src/a.js');
    await replaceAll(document, 'export var a = 1;\n');
    await until(document, ['no-var']);
    await setSetting('greenroom.eslint.enable', 'off');
    try {
      await until(document, []);
    } finally {
      await setSetting('greenroom.eslint.enable', undefined);
    }
    await until(document, ['no-var']);
  });
});

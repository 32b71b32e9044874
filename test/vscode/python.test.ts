import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, formatted, hasModules, liveSessions, open, replaceAll } from './workspace.ts';

const interpreter = '/usr/bin/python3';

/** What is found where, as `tool rule line`, lines from 1. */
function problemsOf({ uri }: vscode.TextDocument): string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .map(({ source, code, range }) => {
      const rule = typeof code === 'object' ? code.value : code;
      return `${source} ${rule} ${range.start.line + 1}`;
    })
    .sort();
}

describe('Python', () => {
  before(function () {
    if (!hasModules(interpreter, 'black', 'isort', 'flake8', 'mypy')) this.skip(); // its tools are not installed for this interpreter
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('is formatted by one tool after the other, in one session', async () => {
    const document = await open('python', 'src/untidy.py');
    assert.equal(
      await formatted(document),
      'import os\nimport sys\n\n\ndef f(a):\n    return os.sep, sys.argv, a\n',
    );
    const session = (await liveSessions()).find(
      ({ label, tools }) => label === 'python' && tools.some(({ name }) => name === 'black'),
    );
    assert.deepEqual(session?.tools.map(({ name }) => name).sort(), ['black', 'isort']);
    assert.match(session.runtime ?? '', /^python 3\./u);
  });

  it('is checked as it is opened and saved, and what is mended is gone', async () => {
    const document = await open('python', 'src/faulty.py');
    const all = ['flake8 F401 1', 'mypy assignment 3'];
    await eventually(async () => problemsOf(document).join() === all.join());
    const before = document.getText();
    try {
      await replaceAll(document, 'x: int = 1\n');
      await document.save();
      await eventually(async () => problemsOf(document).length === 0);
    } finally {
      await replaceAll(document, before);
      await document.save();
    }
  });
});

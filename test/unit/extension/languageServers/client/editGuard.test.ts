import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  foreignDocument,
  withoutForeignEdits,
} from '../../../../../extension/languageServers/client/editGuard.ts';
import { Project } from '../../../../support/project.ts';

const folders = ['/work/shop', '/work/bank'];

function text(uri: string) {
  return { changes: { [uri]: [] } };
}

test('an edit of documents of the workspace touches nothing foreign', () => {
  const edit = {
    changes: { 'file:///work/shop/a.ts': [], 'untitled:Untitled-1': [] },
    documentChanges: [
      { textDocument: { uri: 'file:///work/bank/b.ts' } },
      { kind: 'create', uri: 'file:///work/shop/new%20one.ts' },
      { kind: 'rename', oldUri: 'file:///work/shop/a.ts', newUri: 'file:///work/bank/a.ts' },
    ],
  };
  expect(foreignDocument(edit, folders, 'server')).toBeUndefined();
});

test.each([
  ['changes', text('file:///etc/passwd'), 'file:///etc/passwd'],
  [
    'document changes',
    { documentChanges: [{ textDocument: { uri: 'file:///work/shopping/a.ts' } }] },
    'file:///work/shopping/a.ts',
  ],
  [
    'a file to be created',
    { documentChanges: [{ uri: 'file:///work/shop/../keys' }] },
    'file:///work/shop/../keys',
  ],
  [
    'a file that goes elsewhere',
    { documentChanges: [{ oldUri: 'file:///work/shop/a.ts', newUri: 'file:///tmp/a.ts' }] },
    'file:///tmp/a.ts',
  ],
  [
    'a file of another machine',
    text('vscode-remote://host/work/shop/a.ts'),
    'vscode-remote://host/work/shop/a.ts',
  ],
  ['what is no address', text('/work/shop/a.ts'), '/work/shop/a.ts'],
  ['an address that is none', { documentChanges: [null, { textDocument: null, uri: 7 }] }, '7'],
])('%s outside of its folders are foreign', (_what, edit, foreign) => {
  expect(foreignDocument(edit, folders, 'person')).toBe(foreign);
});

test('what git runs is nobody’s to change', () => {
  const uri = 'file:///work/shop/.git/config';
  expect(foreignDocument(text(uri), folders, 'person')).toBe(uri);
});

test('what the editor runs a person may have edited, and a server by itself may not', () => {
  const uri = 'file:///work/shop/.vscode/tasks.json';
  const made = { documentChanges: [{ kind: 'create', uri }] };
  expect(foreignDocument(text(uri), folders, 'person')).toBeUndefined();
  expect(foreignDocument(text(uri), folders, 'server')).toBe(uri);
  expect(foreignDocument(made, folders, 'person')).toBe(uri);
});

test('a link of the project leads out of it', () => {
  const [project, home] = [new Project(), new Project({ '.bashrc': '' })];
  onTestFinished(() => [project, home].forEach(one => one[Symbol.dispose]()));
  fs.symlinkSync(home.root, project.path('link'));
  for (const name of ['link/.bashrc', 'link/new.txt', 'link/deep/er.txt']) {
    const uri = `file://${project.path(name)}`;
    expect(foreignDocument(text(uri), [project.root], 'server')).toBe(uri);
  }
});

test('a folder that is reached by a link is its own', () => {
  const [project, links] = [new Project({ 'a.txt': '' }), new Project()];
  onTestFinished(() => [project, links].forEach(one => one[Symbol.dispose]()));
  fs.symlinkSync(project.root, links.path('shop'));
  const uri = `file://${links.path('shop/a.txt')}`;
  expect(foreignDocument(text(uri), [links.path('shop')], 'server')).toBeUndefined();
});

describe('an answer', () => {
  const answer = (result: unknown) => ({ jsonrpc: '2.0', id: 7, result });
  const inside = { changes: { 'file:///work/shop/a.ts': [] } };
  const outside = { changes: { 'file:///etc/hosts': [] } };
  const reason = 'Greenroom refused the edit: a language server may not change file:///etc/hosts';

  test.each([
    ...[null, 7, 'text', [], {}, { items: [] }, inside, [{ title: 'a', edit: inside }]],
    ...[{ documentChanges: [null] }, [{ edit: { documentChanges: [null] } }], [{ edit: null }]],
  ])('goes through when it touches nothing foreign: %j', result => {
    expect(withoutForeignEdits(answer(result), folders)).toBeUndefined();
  });

  test('that renames something foreign fails', () => {
    expect(withoutForeignEdits(answer(outside), folders)).toEqual({
      answer: { jsonrpc: '2.0', id: 7, error: { code: -32_803, message: reason } },
      foreign: 'file:///etc/hosts',
    });
  });

  test('loses the edits that are foreign, and says so of each', () => {
    const offered = [{ title: 'in', edit: inside }, { title: 'out', edit: outside }, null];
    expect(withoutForeignEdits(answer(offered), folders)?.answer.result).toEqual([
      { title: 'in', edit: inside },
      { title: 'out', disabled: { reason } },
      null,
    ]);
  });

  test('about one action is guarded like a list of them', () => {
    const resolved = withoutForeignEdits(answer({ title: 'out', edit: outside }), folders);
    expect(resolved?.answer.result).toEqual({ title: 'out', disabled: { reason } });
  });
});

import { expect, test } from 'vitest';
import { foreignDocument } from '../../../../../extension/languageServers/client/editGuard.ts';

const folders = ['/work/shop', '/work/bank'];

test('an edit of documents of the workspace touches nothing foreign', () => {
  const edit = {
    changes: { 'file:///work/shop/a.ts': [], 'untitled:Untitled-1': [] },
    documentChanges: [
      { textDocument: { uri: 'file:///work/bank/b.ts' } },
      { kind: 'create', uri: 'file:///work/shop/new%20one.ts' },
      { kind: 'rename', oldUri: 'file:///work/shop/a.ts', newUri: 'file:///work/bank/a.ts' },
    ],
  };
  expect(foreignDocument(edit, folders)).toBeUndefined();
});

test.each([
  ['changes', { changes: { 'file:///etc/passwd': [] } }, 'file:///etc/passwd'],
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
    { changes: { 'vscode-remote://host/work/shop/a.ts': [] } },
    'vscode-remote://host/work/shop/a.ts',
  ],
  ['what is no address', { changes: { '/work/shop/a.ts': [] } }, '/work/shop/a.ts'],
])('%s outside of its folders are foreign', (_what, edit, foreign) => {
  expect(foreignDocument(edit, folders)).toBe(foreign);
});

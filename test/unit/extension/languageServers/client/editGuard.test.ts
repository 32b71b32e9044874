import { describe, expect, test } from 'vitest';
import {
  foreignDocument,
  withoutForeignEdits,
} from '../../../../../extension/languageServers/client/editGuard.ts';

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

describe('an answer', () => {
  const answer = (result: unknown) => ({ jsonrpc: '2.0', id: 7, result });
  const inside = { changes: { 'file:///work/shop/a.ts': [] } };
  const outside = { changes: { 'file:///etc/hosts': [] } };
  const reason = 'Greenroom refused the edit: file:///etc/hosts lies outside of the workspace';

  test.each([null, 7, 'text', [], {}, { items: [] }, inside, [{ title: 'a', edit: inside }]])(
    'goes through when it touches nothing foreign: %j',
    result => {
      expect(withoutForeignEdits(answer(result), folders)).toBeUndefined();
    },
  );

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

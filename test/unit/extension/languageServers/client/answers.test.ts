import { afterEach, describe, expect, test, vi } from 'vitest';
import { answersFor, mayBeTold } from '../../../../../extension/languageServers/client/answers.ts';
import { parseServerEntries } from '../../../../../extension/languageServers/serverEntry.ts';
import * as fake from '../../../../support/fakeVSCode.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

afterEach(() => (fake.extensions.all = []));

function entry(more: object = {}) {
  const raw = { name: 'lsp', command: 'lsp', languages: ['x'], ...more };
  return parseServerEntries([raw], new Set(['x'])).entries[0]!;
}

function withExtension(...keys: readonly string[]): void {
  const properties = Object.fromEntries(keys.map(key => [key, {}]));
  const contributes = { configuration: [{ properties }] };
  fake.extensions.all = [{ packageJSON: { contributes } }, { packageJSON: {} }];
}

describe('a server', () => {
  test('is told its own settings, and how text is to look', () => {
    withExtension('lsp.trace', 'own.size');
    const own = entry({ settingsSection: 'own' });
    for (const section of ['lsp', 'lsp.trace', 'own', 'own.size', 'editor', '[yaml]', 'files']) {
      expect(mayBeTold(own, section)).toBe(true);
    }
  });

  test('is told what no extension has brought, since that is there for it', () => {
    withExtension('github.token');
    expect(mayBeTold(entry(), 'some.server')).toBe(true);
  });

  test('is not told settings of others, nor all at once', () => {
    withExtension('github.token');
    for (const section of ['', 'github', 'github.token', 'http', 'terminal.integrated.env.linux']) {
      expect(mayBeTold(entry(), section)).toBe(false);
    }
  });

  test('is answered nothing for what it is not told', () => {
    withExtension('github.token');
    const items = [{ section: 'github' }, { section: 'lsp' }, {}, { section: 'absent' }];
    const settings = [{ token: 'secret' }, { a: 1 }, { everything: true }, null];
    expect(answersFor({ items }, settings, entry(), {})).toEqual([null, { a: 1 }, null, null]);
  });

  test('is answered what it needs where the user has set nothing', () => {
    const answers = { lsp: { a: 0, b: 0 }, '': { all: true }, css: {} };
    const items = [{ section: 'lsp' }, { section: '' }, { section: 'css' }];
    const settings = [{ a: 1 }, { everything: true }, null];
    expect(answersFor({ items }, settings, entry(), answers)).toEqual([
      { a: 1, b: 0 },
      { all: true },
      {},
    ]);
  });
});

import { expect, test, vi } from 'vitest';
import { DocumentLinter } from '../../../../../extension/features/linting/documentLinter.ts';
import type { ToolCall } from '../../../../../extension/sessions/session.ts';
import { Withdrawal } from '../../../../../extension/features/linting/withdrawal.ts';
import * as fake from '../../../../support/fakeVSCode.ts';
import { ManualClock } from '../../../../support/manualPlatform.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

test.each([
  ['utf8bom', { hasByteOrderMark: true }],
  ['utf8', {}],
])('what the editor keeps apart from the text of a file in %s is told', async (encoding, told) => {
  const asked: unknown[] = [];
  const pool = {
    call: async (_request: unknown, { args }: ToolCall) => {
      asked.push(...args);
      return { kind: 'linted', problems: [] };
    },
  };
  const targets = { forDocument: async () => ({ by: { name: 'eslint', root: '/app' } }) };
  const linter = new DocumentLinter(pool as never, targets as never, new ManualClock());
  const document = {
    uri: fake.Uri.parse('file:///app/a.js'),
    languageId: 'javascript',
    getText: () => 'let a;',
    encoding,
  };
  await linter.lint(document as never, new Withdrawal());
  expect(asked).toEqual([{ text: 'let a;', path: '/app/a.js', languageId: 'javascript', ...told }]);
});

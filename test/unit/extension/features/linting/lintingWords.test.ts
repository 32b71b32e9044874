import { expect, test, vi } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import type { LintReport } from '../../../../../server/shared/protocol/linting.ts';
import { describeLinting } from '../../../../../extension/features/linting/lintingWords.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

const by = { name: 'eslint', version: '9.1.0', root: '/app' };

const reported = (report: LintReport) =>
  describeLinting({ kind: 'reported', report, by, tookMs: 12.4 });

test('a success is told with version, number of problems and time', () => {
  expect(reported({ kind: 'linted', problems: [] })).toEqual({
    severity: 'information',
    text: 'ESLint 9.1.0',
    detail: 'Problems: 0, 12 ms',
  });
});

test('that there are more problems than are shown is told', () => {
  expect(reported({ kind: 'linted', problems: [], omitted: 3 })?.detail).toMatch(/^The first 0/u);
});

test('broken configuration is told in one line that names the file, and interrupts', () => {
  const message = 'Key "rules": Key "eqeqeq":\n\tValue 7 should be equal\n\tto another';
  expect(
    reported({ kind: 'configurationError', message, file: '/app/eslint.config.js' }),
  ).toMatchObject({
    severity: 'error',
    detail: 'app/eslint.config.js: Key "rules": Key "eqeqeq": \tValue 7 should be equal',
    isUrgent: true,
  });
});

test('a rule that fails is named', () => {
  const message = 'unwell\nOccurred while linting /app/a.js:1\nRule: "some/rule"\nstack';
  expect(
    describeLinting({ kind: 'failed', error: new GreenroomError('call.failed', message) }),
  ).toMatchObject({ detail: expect.stringContaining('"some/rule"') as string, isUrgent: true });
});

test.each(['disabled', 'otherExtension', 'noESLint', 'restricted'] as const)(
  'that a file is not linted (%s) interrupts nobody',
  why => {
    expect(describeLinting({ kind: 'notLinted', why })).toMatchObject({ severity: 'information' });
  },
);

test.each(['stale', 'cancelled'] as const)('what is %s is not told', kind => {
  expect(describeLinting({ kind })).toBeUndefined();
});

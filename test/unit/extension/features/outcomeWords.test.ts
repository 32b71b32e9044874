import { expect, test, vi } from 'vitest';
import { GreenroomError } from '../../../../server/shared/errors.ts';
import type { FormatReport } from '../../../../server/shared/protocol/formatting.ts';
import { describeOutcome } from '../../../../extension/features/formatting/outcomeWords.ts';
import type { FormattedBy } from '../../../../extension/features/formatting/formattingTarget.ts';

vi.mock('vscode', () => import('../../../support/fakeVSCode.ts'));

const by: FormattedBy = { name: 'prettier', version: '3.1.0', origin: 'project', root: '/app' };

const reported = (report: FormatReport) =>
  describeOutcome({ kind: 'reported', report, by, tookMs: 12.4 });

test('a syntax error is told with its place, without interrupting', () => {
  expect(
    reported({ kind: 'syntaxError', message: 'Expression expected.', line: 2, column: 9 }),
  ).toEqual({ severity: 'warning', text: 'Syntax error 2:9', detail: 'Expression expected.' });
});

test('a success is told with version and time', () => {
  expect(reported({ kind: 'unchanged' })).toEqual({
    severity: 'information',
    text: 'Prettier 3.1.0',
    detail: 'Already in form, 12 ms',
  });
});

test('broken configuration is told in one line that names the file once, and interrupts', () => {
  const file = '/app/.prettierrc';
  const message = `YAML Error in "${file}":\nNot like this at line 2:\n\nsemi: [\n^`;
  expect(reported({ kind: 'configurationError', message, file })).toEqual({
    severity: 'error',
    text: 'Configuration error',
    detail: 'app/.prettierrc: YAML Error: Not like this at line 2:',
    isUrgent: true,
  });
});

test.each([
  ['call.deadline', 'Formatting took too long'],
  ['session.lost', 'The session ended while formatting'],
  ['tool.load', 'Formatting failed'],
] as const)('a failure with %s interrupts', (code, text) => {
  const error = new GreenroomError(code, 'why');
  expect(describeOutcome({ kind: 'failed', error })).toMatchObject({
    severity: 'error',
    text,
    detail: expect.stringContaining('why') as string,
    isUrgent: true,
  });
});

test('what was cancelled or came too late changes nothing on screen', () => {
  expect(describeOutcome({ kind: 'cancelled' })).toBeUndefined();
  expect(describeOutcome({ kind: 'stale' })).toBeUndefined();
});

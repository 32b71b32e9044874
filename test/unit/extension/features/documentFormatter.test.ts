import { expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { FormatReport } from '../../../../server/shared/protocol/formatting.ts';
import { GreenroomError } from '../../../../server/shared/errors.ts';
import { DocumentFormatter } from '../../../../extension/features/formatting/documentFormatter.ts';
import type { FormattingOutcome } from '../../../../extension/features/formatting/formattingOutcome.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

vi.mock('vscode', () => import('../../../support/fakeVSCode.ts'));

const report: FormatReport = { kind: 'formatted', edit: { start: 1, end: 3, text: ' ' } };

/** A formatter whose session does `answer`, and a document of five characters. */
function create(answer: (document: { version: number; isClosed: boolean }) => unknown) {
  const document = {
    version: 1,
    isClosed: false,
    languageId: 'typescript',
    eol: 1,
    uri: { scheme: 'file', fsPath: '/app/a.ts', path: '/app/a.ts' },
    getText: () => 'a   b',
    positionAt: (offset: number) => offset,
  };
  const target = { by: { root: '/app' }, tools: [{ name: 'prettier' }], timeoutMs: 1 };
  const formatter = new DocumentFormatter(
    { call: async () => answer(document) } as never,
    { forDocument: async () => target } as never,
    new ManualClock(),
  );
  const outcomes: FormattingOutcome[] = [];
  formatter.onDidFormat(({ outcome }) => outcomes.push(outcome));
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: () => ({ dispose: () => undefined }),
  };
  const edits = () => formatter.edits(document as unknown as vscode.TextDocument, undefined, token);
  return { edits, outcomes };
}

test('what the tool answers becomes an edit', async () => {
  const { edits, outcomes } = create(() => report);
  expect(await edits()).toEqual([{ range: { start: 1, end: 3 }, newText: ' ' }]);
  expect(outcomes).toMatchObject([{ kind: 'reported' }]);
});

test('the line ending is changed only when the tool chose another', async () => {
  const crlf = create(() => ({ ...report, lineEnding: 'crlf' }));
  expect(await crlf.edits()).toEqual([expect.anything(), { newEol: 2 }]);
  const lf = create(() => ({ ...report, lineEnding: 'lf' }));
  expect(await lf.edits()).toHaveLength(1);
});

test.each([
  ['changed', { version: 2 }],
  ['closed', { isClosed: true }],
])('an answer for a document that was %s meanwhile is dropped', async (_what, change) => {
  const { edits, outcomes } = create(document => Object.assign(document, change) && report);
  expect(await edits()).toEqual([]);
  expect(outcomes).toEqual([{ kind: 'stale' }]);
});

test.each([
  ['no report', 'nonsense'],
  ['a report of an unknown kind', { kind: 'surprise' }],
  ['an edit beyond the end of the document', { ...report, edit: { start: 0, end: 6, text: '' } }],
  ['an edit that ends before it starts', { ...report, edit: { start: 3, end: 1, text: '' } }],
])('a session that answers with %s changes nothing', async (_what, answer) => {
  const { edits, outcomes } = create(() => answer);
  expect(await edits()).toEqual([]);
  expect(outcomes).toMatchObject([{ kind: 'failed' }]);
});

test('a cancelled call is no failure', async () => {
  const { edits, outcomes } = create(() => {
    throw new GreenroomError('call.cancelled', 'cancelled');
  });
  expect(await edits()).toEqual([]);
  expect(outcomes).toEqual([{ kind: 'cancelled' }]);
});

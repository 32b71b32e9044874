import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import type { LintReport, Problem } from '../../../../../server/shared/protocol/linting.ts';
import type { ToolCall } from '../../../../../extension/sessions/session.ts';
import { DocumentLinter } from '../../../../../extension/features/linting/documentLinter.ts';
import { LiveLinting } from '../../../../../extension/features/linting/liveLinting.ts';
import type { LintingOutcome } from '../../../../../extension/features/linting/lintingOutcome.ts';
import { ShownProblems } from '../../../../../extension/features/linting/shownProblems.ts';
import * as fake from '../../../../support/fakeVSCode.ts';
import { ManualClock } from '../../../../support/manualPlatform.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

/** A document whose text is its only problem. */
class FakeDocument {
  version = 1;
  isClosed = false;
  readonly languageId = 'javascript';
  readonly uri;

  constructor(
    readonly name: string,
    private text: string,
  ) {
    this.uri = fake.Uri.parse(`file:///app/${name}`);
  }

  getText = () => this.text;

  write(text: string): void {
    this.text = text;
    this.version++;
    fake.editorEvents.changed.fire({ document: this, contentChanges: [{}] });
  }

  get shown(): string[] | undefined {
    return fake.shownDiagnostics.get(String(this.uri))?.map(({ message }) => message);
  }
}

const problem = (message: string): Problem => ({
  range: { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } },
  severity: 'error',
  message,
});

interface Call {
  readonly text: string;
  readonly start: () => void;
  readonly answer: (report: LintReport) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
  /** Answers with the text as the only problem. */
  readonly finish: () => Promise<void>;
}

/** An editor that shows `a.js`, and a session whose calls are answered by the test. */
function open({ run = 'onType' }: { run?: 'onType' | 'onSave' } = {}) {
  const calls: Call[] = [];
  const outcomes: LintingOutcome['kind'][] = [];
  const clock = new ManualClock();
  const settled = () => new Promise<void>(resolve => setImmediate(resolve));
  const pool = {
    call: (_request: unknown, { args, signal, onStart }: ToolCall) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const { text } = args[0] as { text: string };
      signal?.addEventListener('abort', () => reject(new GreenroomError('call.cancelled', 'no')));
      const answer = (report: LintReport) => {
        resolve(report);
        return settled();
      };
      calls.push({
        text,
        start: () => onStart?.(),
        answer,
        fail: error => {
          reject(error);
          return settled();
        },
        finish: () => answer({ kind: 'linted', problems: [problem(text)] }),
      });
      return promise;
    },
  };
  const targets = {
    isMeant: () => true,
    runsOnType: () => run === 'onType',
    forDocument: async () => ({
      by: { name: 'eslint', root: '/app', version: '9.0.0' },
      timeoutMs: 1,
    }),
  };
  const problems = new ShownProblems('eslint');
  const linter = new DocumentLinter(pool as never, targets as never, clock);
  const live = new LiveLinting(linter, targets as never, problems, clock);
  onTestFinished(() => live.dispose());
  live.onDidLint(({ outcome }) => outcomes.push(outcome.kind));
  const document = new FakeDocument('a.js', 'one');
  const see = (...documents: FakeDocument[]) => {
    fake.workspace.textDocuments = documents;
    fake.window.visibleTextEditors = documents.map(one => ({ document: one }));
    fake.editorEvents.visibleEditors.fire([]);
  };
  const pass = async (byMs: number) => {
    clock.advance(byMs);
    await settled();
  };
  see(document);
  return { live, problems, calls, outcomes, document, clock, see, pass };
}

afterEach(() => fake.shownDiagnostics.clear());

test('a document is linted when it comes on screen, and not again as long as nothing changes', async () => {
  const { calls, document, see, pass } = open();
  await pass(0);
  await calls[0]!.finish();
  expect(document.shown).toEqual(['one']);
  see();
  see(document);
  await pass(1_000);
  expect(calls).toHaveLength(1);
});

test('a document is linted when typing pauses', async () => {
  const { calls, document, pass } = open();
  await pass(0);
  await calls[0]!.finish();
  document.write('two');
  await pass(299);
  expect(calls).toHaveLength(1);
  await pass(1);
  await calls[1]!.finish();
  expect(document.shown).toEqual(['two']);
});

describe('a result that is out of date never shows:', () => {
  test('the document has changed since', async () => {
    const { calls, outcomes, document, pass } = open();
    await pass(0);
    calls[0]!.start();
    document.write('two');
    await calls[0]!.finish();
    expect(document.shown).toBeUndefined();
    expect(outcomes).toEqual(['stale']);
    await pass(300);
    await calls[1]!.finish();
    expect(document.shown).toEqual(['two']);
  });

  test('the document was closed', async () => {
    const { calls, document, pass } = open();
    await pass(0);
    calls[0]!.start();
    document.isClosed = true;
    fake.editorEvents.closed.fire(document);
    await calls[0]!.finish();
    expect(document.shown).toBeUndefined();
  });

  test('its file was deleted, with a folder above it', async () => {
    const { calls, document, pass } = open();
    await pass(0);
    calls[0]!.start();
    fake.editorEvents.deleted.fire({ files: [fake.Uri.parse('file:///app')] });
    await calls[0]!.finish();
    expect(document.shown).toBeUndefined();
  });

  test('something else has changed that it depends on', async () => {
    const { live, calls, document, pass } = open();
    await pass(0);
    calls[0]!.start();
    live.lintAgain();
    await calls[0]!.finish();
    expect(document.shown).toBeUndefined();
    await pass(0);
    await calls[1]!.finish();
    expect(document.shown).toEqual(['one']);
  });

  test('nothing can be done about problems of an earlier version', async () => {
    const { problems, calls, document, pass } = open();
    await pass(0);
    await calls[0]!.finish();
    expect(problems.of(document as never)).toHaveLength(1);
    document.write('two');
    expect(problems.of(document as never)).toEqual([]);
  });
});

test('a call that waits for its turn is given up; one that runs is not', async () => {
  const { calls, outcomes, document, pass } = open();
  await pass(0);
  document.write('two');
  await pass(300);
  expect(outcomes).toEqual(['stale']);
  calls[1]!.start();
  document.write('three');
  await pass(300);
  expect(calls).toHaveLength(2);
  await calls[1]!.finish();
  expect(calls.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test.each<[string, (call: Call) => Promise<void>]>([
  ['is ignored', call => call.answer({ kind: 'ignored' })],
  ['cannot be linted', call => call.answer({ kind: 'configurationError', message: 'no' })],
  ['cost its session', call => call.fail(new GreenroomError('session.lost', 'gone'))],
  ['was answered with nonsense', call => call.answer('nonsense' as never)],
  [
    'was answered with an edit beyond its end',
    call =>
      call.answer({
        kind: 'linted',
        problems: [{ ...problem('x'), fix: [{ start: 0, end: 9, text: '' }] }],
      }),
  ],
])('problems go when the document %s', async (_what, end) => {
  const { calls, document, pass } = open();
  await pass(0);
  await calls[0]!.finish();
  document.write('two');
  await pass(300);
  await end(calls[1]!);
  expect(document.shown).toBeUndefined();
});

test('saving one document lints the others on screen again, which may depend on it', async () => {
  const { calls, document, see, pass } = open();
  const other = new FakeDocument('b.js', 'other');
  see(document, other);
  await pass(0);
  await Promise.all(calls.map(({ finish }) => finish()));
  fake.editorEvents.saved.fire(document);
  await pass(0);
  expect(calls.map(({ text }) => text)).toEqual(['one', 'other', 'one', 'other']);
});

test('a document is linted on save only, when the user wants it so', async () => {
  const { calls, document, pass } = open({ run: 'onSave' });
  await pass(0);
  await calls[0]!.finish();
  document.write('two');
  await pass(10_000);
  expect(calls).toHaveLength(1);
  fake.editorEvents.saved.fire(document);
  await pass(0);
  await calls[1]!.finish();
  expect(document.shown).toEqual(['two']);
});

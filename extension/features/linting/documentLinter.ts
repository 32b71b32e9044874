import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import { isGreenroomError } from '../../../server/shared/errors.ts';
import {
  parseFixReport,
  parseLintReport,
  type LinterApi,
  type LintRequest,
} from '../../../server/shared/protocol/linting.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import type { ToolCall } from '../../sessions/session.ts';
import type { FixingOutcome, LintingOutcome } from './lintingOutcome.ts';
import type { LintedBy, LintTarget, LintTargets } from './lintTarget.ts';
import type { Withdrawal } from './withdrawal.ts';

/** An answer that arrived in time, and who gave it. */
interface Answer {
  readonly raw: unknown;
  readonly textLength: number;
  readonly by: LintedBy;
}

type Manner = Pick<ToolCall, 'signal' | 'onStart' | 'isInsisted'>;

/** Lints and fixes documents in sessions. Knows nothing of how the result is shown. */
export class DocumentLinter {
  constructor(
    private readonly pool: SessionPool,
    private readonly targets: LintTargets,
    private readonly clock: Clock,
  ) {}

  /** `isInsisted`: also while sessions only crash. */
  lint(
    document: vscode.TextDocument,
    withdrawal: Withdrawal,
    isInsisted = false,
  ): Promise<LintingOutcome> {
    const startedAtMs = this.clock.now();
    const { signal, onStart } = withdrawal;
    return this.ask(
      'lint',
      document,
      { signal, onStart, isInsisted },
      ({ raw, textLength, by }) => ({
        kind: 'reported',
        report: parseLintReport(raw, textLength),
        by,
        tookMs: this.clock.now() - startedAtMs,
      }),
    );
  }

  /** What all fixes together make of the document. */
  fix(document: vscode.TextDocument, withdrawal: Withdrawal): Promise<FixingOutcome> {
    return this.ask('fix', document, withdrawal, ({ raw, textLength }) => ({
      kind: 'reported',
      report: parseFixReport(raw, textLength),
    }));
  }

  private async ask<T>(
    method: keyof LinterApi,
    document: vscode.TextDocument,
    how: Manner,
    read: (answer: Answer) => T,
  ): Promise<T | Exclude<LintingOutcome, { kind: 'reported' }>> {
    const { version } = document;
    let by: LintedBy | undefined;
    try {
      const target = await this.targets.forDocument(document);
      if (typeof target === 'string') return { kind: 'notLinted', why: target };
      ({ by } = target);
      // The text is that of the version asked about, however long finding the tool took.
      if (isStale(document, version)) return { kind: 'stale' };
      const request = lintRequest(document);
      const raw = await this.call(method, target, request, document, how);
      if (isStale(document, version)) return { kind: 'stale' };
      return read({ raw, textLength: request.text.length, by });
    } catch (error) {
      if (isGreenroomError(error, 'call.cancelled')) return { kind: 'cancelled' };
      if (isStale(document, version)) return { kind: 'stale' };
      return { kind: 'failed', error, ...(by && { by }) };
    }
  }

  private call(
    method: keyof LinterApi,
    { request: session, tool, timeoutMs }: LintTarget,
    request: LintRequest,
    document: vscode.TextDocument,
    how: Manner,
  ): Promise<unknown> {
    return this.pool.call(session, {
      tool,
      method,
      args: [request],
      ...how,
      deadlineMs: timeoutMs,
      subject: vscode.workspace.asRelativePath(document.uri),
    });
  }
}

function lintRequest(document: vscode.TextDocument): LintRequest {
  const { languageId, uri, encoding } = document;
  return {
    text: document.getText(),
    path: uri.fsPath,
    languageId,
    ...(encoding === 'utf8bom' && { hasByteOrderMark: true }),
  };
}

function isStale(document: vscode.TextDocument, version: number): boolean {
  return document.isClosed || document.version !== version;
}

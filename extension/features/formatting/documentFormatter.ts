import * as vscode from 'vscode';
import type { CancelSignal, Clock } from '../../../server/shared/base/platform.ts';
import { smallestReplacement, type TextReplacement } from '../../../server/shared/base/textEdit.ts';
import { isGreenroomError } from '../../../server/shared/errors.ts';
import {
  parseFormatReport,
  type FormatReport,
  type FormatRequest,
} from '../../../server/shared/protocol/formatting.ts';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { toSignal } from '../cancellation.ts';
import { formatRequest } from './formatRequest.ts';
import type { FormattingOutcome } from './formattingOutcome.ts';
import type { FormattingTarget, FormattingTargets } from './formattingTarget.ts';

/** Formats documents in sessions. Knows nothing of how the result is shown. */
export class DocumentFormatter implements vscode.Disposable {
  private readonly formatted = new vscode.EventEmitter<{
    readonly document: vscode.TextDocument;
    readonly outcome: FormattingOutcome;
  }>();

  /** Fires for every request, however it ended. */
  readonly onDidFormat = this.formatted.event;

  constructor(
    private readonly pool: SessionPool,
    private readonly targets: FormattingTargets,
    private readonly clock: Clock,
  ) {}

  /**
   * Edits that bring the document, or the range of it, into form; none when that is not possible.
   * `isOneShot` has it done in a process of its own, whatever became of the sessions.
   */
  async edits(
    document: vscode.TextDocument,
    range: vscode.Range | undefined,
    token: vscode.CancellationToken,
    isOneShot = false,
  ): Promise<vscode.TextEdit[]> {
    const { version } = document;
    const outcome = await this.format(document, range, token, isOneShot);
    const isStale = document.isClosed || document.version !== version;
    const shown: FormattingOutcome =
      isStale && outcome.kind === 'reported' ? { kind: 'stale' } : outcome;
    this.formatted.fire({ document, outcome: shown });
    return shown.kind === 'reported' ? toEdits(document, shown.report) : [];
  }

  dispose(): void {
    this.formatted.dispose();
  }

  private async format(
    document: vscode.TextDocument,
    range: vscode.Range | undefined,
    token: vscode.CancellationToken,
    isOneShot: boolean,
  ): Promise<FormattingOutcome> {
    using cancellation = toSignal(token);
    const startedAtMs = this.clock.now();
    let target: FormattingTarget | undefined;
    try {
      const request = formatRequest(document, range);
      target = await this.targets.forDocument(document);
      if (!target) return { kind: 'noFormatter' };
      if (isOneShot) target = { ...target, request: { ...target.request, isOneShot } };
      const report = await this.ask(target, request, document, cancellation.signal);
      return {
        kind: 'reported',
        report,
        by: target.by,
        tookMs: this.clock.now() - startedAtMs,
      };
    } catch (error) {
      if (isGreenroomError(error, 'call.cancelled')) return { kind: 'cancelled' };
      return { kind: 'failed', error, ...(target && { by: target.by }) };
    }
  }

  /** Asks one tool after the other; the first that has something else to say than a new text ends it. */
  private async ask(
    target: FormattingTarget,
    request: FormatRequest,
    document: vscode.TextDocument,
    signal: CancelSignal,
  ): Promise<FormatReport> {
    let { text } = request;
    let lineEnding: 'lf' | 'crlf' | undefined;
    for (const tool of target.tools) {
      const report = await this.askOne(target, tool, { ...request, text }, document, signal);
      if (report.kind !== 'formatted' && report.kind !== 'unchanged') return report;
      if (target.tools.length === 1) return report;
      if (report.kind === 'unchanged') continue;
      text = apply(text, report.edit);
      lineEnding = report.lineEnding ?? lineEnding;
    }
    const edit = smallestReplacement(request.text, text);
    return edit
      ? { kind: 'formatted', edit, ...(lineEnding && { lineEnding }) }
      : { kind: 'unchanged' };
  }

  private async askOne(
    { request: session, timeoutMs }: FormattingTarget,
    tool: ToolSpec,
    request: FormatRequest,
    document: vscode.TextDocument,
    signal: CancelSignal,
  ): Promise<FormatReport> {
    const answer = await this.pool.call(session, {
      tool,
      method: 'format',
      args: [request],
      signal,
      deadlineMs: timeoutMs,
      subject: vscode.workspace.asRelativePath(document.uri),
    });
    return parseFormatReport(answer, request.text.length);
  }
}

function apply(text: string, { start, end, text: put }: TextReplacement): string {
  return text.slice(0, start) + put + text.slice(end);
}

function toEdits(document: vscode.TextDocument, report: FormatReport): vscode.TextEdit[] {
  if (report.kind !== 'formatted') return [];
  const { edit, lineEnding } = report;
  const range = new vscode.Range(document.positionAt(edit.start), document.positionAt(edit.end));
  const edits = [vscode.TextEdit.replace(range, edit.text)];
  const wanted = lineEnding && (lineEnding === 'lf' ? vscode.EndOfLine.LF : vscode.EndOfLine.CRLF);
  if (wanted !== undefined && wanted !== document.eol)
    edits.push(vscode.TextEdit.setEndOfLine(wanted));
  return edits;
}

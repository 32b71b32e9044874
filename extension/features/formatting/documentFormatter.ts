import * as vscode from 'vscode';
import type { CancelSignal, Clock } from '../../../server/shared/base/platform.ts';
import { isGreenroomError } from '../../../server/shared/errors.ts';
import {
  parseFormatReport,
  type FormatReport,
  type FormatRequest,
} from '../../../server/shared/protocol/formatting.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { toSignal } from '../cancellation.ts';
import { formatRequest } from './formatRequest.ts';
import type { FormattingOutcome } from './formattingOutcome.ts';
import type { PrettierTarget, PrettierTargets } from './prettierTargets.ts';

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
    private readonly targets: PrettierTargets,
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
    let target: PrettierTarget | undefined;
    try {
      const request = formatRequest(document, range);
      target = await this.targets.forDocument(document);
      if (!target) return { kind: 'noPrettier' };
      if (isOneShot) target = { ...target, request: { ...target.request, isOneShot } };
      const report = await this.ask(target, request, document, cancellation.signal);
      return {
        kind: 'reported',
        report,
        location: target.location,
        tookMs: this.clock.now() - startedAtMs,
      };
    } catch (error) {
      if (isGreenroomError(error, 'call.cancelled')) return { kind: 'cancelled' };
      return { kind: 'failed', error, ...(target && { location: target.location }) };
    }
  }

  private async ask(
    { request: session, tool, settings }: PrettierTarget,
    request: FormatRequest,
    document: vscode.TextDocument,
    signal: CancelSignal,
  ): Promise<FormatReport> {
    const answer = await this.pool.call(session, {
      tool,
      method: 'format',
      args: [request],
      signal,
      deadlineMs: settings.prettierTimeoutMs,
      subject: vscode.workspace.asRelativePath(document.uri),
    });
    return parseFormatReport(answer, request.text.length);
  }
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

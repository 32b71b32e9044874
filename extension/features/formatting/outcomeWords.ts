import * as vscode from 'vscode';
import { clip } from '../../../server/shared/base/clip.ts';
import { isGreenroomError, messageOf } from '../../../server/shared/errors.ts';
import { unreachable } from '../../../server/shared/base/unreachable.ts';
import type { ToolInfo } from '../../../server/shared/protocol/events.ts';
import type { FormattingOutcome } from './formattingOutcome.ts';

export interface OutcomeWords {
  readonly severity: 'information' | 'warning' | 'error';
  /** Short: what the status item shows. */
  readonly text: string;
  /** One sentence more. */
  readonly detail?: string;
  /** Worth interrupting the user for, once. */
  readonly isUrgent?: boolean;
}

/** Puts an outcome into the user's words; undefined for one that changes nothing on screen. */
export function describeOutcome(outcome: FormattingOutcome): OutcomeWords | undefined {
  const { l10n } = vscode;
  switch (outcome.kind) {
    case 'stale':
    case 'cancelled':
      return undefined;
    case 'noPrettier':
      return {
        severity: 'information',
        text: l10n.t('Not formatting'),
        detail: l10n.t(
          'The settings greenroom.prettier.enable and greenroom.prettier.source leave no Prettier for this file.',
        ),
      };
    case 'failed':
      return describeFailure(outcome.error);
    case 'reported':
      return describeReport(outcome);
    default:
      return unreachable(outcome);
  }
}

/** The tool as people name it, with its version; and that it is not the project's, where it is not. */
export function toolName({ version, origin }: Pick<ToolInfo, 'version' | 'origin'>): string {
  const isBundled = origin === 'bundled';
  return `Prettier ${version}${isBundled ? ` (${vscode.l10n.t('bundled')})` : ''}`;
}

function describeReport({
  report,
  location,
  tookMs,
}: Extract<FormattingOutcome, { kind: 'reported' }>): OutcomeWords {
  const { l10n } = vscode;
  const text = toolName(location);
  const took = l10n.t('{0} ms', Math.round(tookMs));
  switch (report.kind) {
    case 'formatted':
      return { severity: 'information', text, detail: l10n.t('Formatted in {0}', took) };
    case 'unchanged':
      return { severity: 'information', text, detail: l10n.t('Already in form, {0}', took) };
    case 'ignored':
      return { severity: 'information', text, detail: l10n.t('The project ignores this file') };
    case 'unsupported':
      return {
        severity: 'information',
        text,
        detail: l10n.t('This Prettier does not know this kind of file'),
      };
    case 'syntaxError': {
      const { line, column } = report;
      const place =
        line === undefined ? '' : column === undefined ? ` ${line}` : ` ${line}:${column}`;
      return {
        severity: 'warning',
        text: l10n.t('Syntax error{0}', place),
        detail: report.message,
      };
    }
    case 'configurationError':
      return {
        severity: 'error',
        text: l10n.t('Configuration error'),
        detail: configurationDetail(report.message, report.file),
        isUrgent: true,
      };
    case 'restricted':
      return {
        severity: 'warning',
        text: l10n.t('Restricted Mode'),
        detail: l10n.t(
          'The Prettier configuration of this folder runs code, which Greenroom does only in a trusted workspace: {0}',
          report.file ?? '',
        ),
      };
    default:
      return unreachable(report);
  }
}

/** The file as the user knows it, then what is wrong with it: the first two lines, without the drawing. */
function configurationDetail(message: string, file: string | undefined): string {
  const lines = message.split('\n').filter(line => line.trim() !== '');
  const reason = clip(lines.slice(0, 2).join(' '), 300);
  if (file === undefined) return reason;
  return `${vscode.workspace.asRelativePath(file)}: ${reason.replace(` in "${file}"`, '')}`;
}

function firstLine(text: string): string {
  return clip(text.split('\n')[0] ?? '', 300);
}

function describeFailure(error: unknown): OutcomeWords {
  const { l10n } = vscode;
  const detail = firstLine(messageOf(error));
  if (isGreenroomError(error, 'call.deadline')) {
    return {
      severity: 'error',
      text: l10n.t('Formatting took too long'),
      detail: l10n.t('{0}. Its session was ended if it did not stop by itself.', detail),
      isUrgent: true,
    };
  }
  if (isGreenroomError(error, 'session.lost')) {
    return {
      severity: 'error',
      text: l10n.t('The session ended while formatting'),
      detail,
      isUrgent: true,
    };
  }
  if (isGreenroomError(error, 'session.unavailable')) {
    // The user has been told, and asked whether to try again.
    return { severity: 'error', text: l10n.t('Sessions keep crashing'), detail };
  }
  if (isGreenroomError(error, 'queue.full')) {
    return { severity: 'warning', text: l10n.t('Too many requests'), detail };
  }
  return { severity: 'error', text: l10n.t('Formatting failed'), detail, isUrgent: true };
}

import * as vscode from 'vscode';
import { unreachable } from '../../../server/shared/base/unreachable.ts';
import { configurationWords, failureWords, toolName, type OutcomeWords } from '../toolWords.ts';
import type { FormattingOutcome } from './formattingOutcome.ts';

/** Puts an outcome into the user's words; undefined for one that changes nothing on screen. */
export function describeOutcome(outcome: FormattingOutcome): OutcomeWords | undefined {
  const { l10n } = vscode;
  switch (outcome.kind) {
    case 'stale':
    case 'cancelled':
      return undefined;
    case 'noFormatter':
      return {
        severity: 'information',
        text: l10n.t('Not formatting'),
        detail: l10n.t('The settings of Greenroom leave no formatter for this file.'),
      };
    case 'failed':
      return describeFailure(outcome.error);
    case 'reported':
      return describeReport(outcome);
    default:
      return unreachable(outcome);
  }
}

function describeReport({
  report,
  by,
  tookMs,
}: Extract<FormattingOutcome, { kind: 'reported' }>): OutcomeWords {
  const { l10n } = vscode;
  const text = toolName(by);
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
        detail: l10n.t('This version does not know this kind of file'),
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
      return configurationWords(report);
    case 'restricted':
      return {
        severity: 'warning',
        text: l10n.t('Restricted Mode'),
        detail: l10n.t(
          'The configuration of this folder runs code, which Greenroom does only in a trusted workspace: {0}',
          report.file ?? '',
        ),
      };
    default:
      return unreachable(report);
  }
}

function describeFailure(error: unknown): OutcomeWords {
  const { l10n } = vscode;
  return failureWords(error, 1, {
    tooLong: l10n.t('Formatting took too long'),
    sessionEnded: l10n.t('The session ended while formatting'),
    failed: l10n.t('Formatting failed'),
  });
}

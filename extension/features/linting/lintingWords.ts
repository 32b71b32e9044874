import * as vscode from 'vscode';
import { unreachable } from '../../../server/shared/base/unreachable.ts';
import { configurationWords, failureWords, toolName, type OutcomeWords } from '../toolWords.ts';
import type { NotLinted } from './lintTarget.ts';
import type { LintingOutcome } from './lintingOutcome.ts';

/** Puts an outcome into the user's words; undefined for one that changes nothing on screen. */
export function describeLinting(outcome: LintingOutcome): OutcomeWords | undefined {
  switch (outcome.kind) {
    case 'stale':
    case 'cancelled':
      return undefined;
    case 'notLinted':
      return describeReason(outcome.why);
    case 'failed':
      return describeFailure(outcome.error);
    case 'reported':
      return describeReport(outcome);
    default:
      return unreachable(outcome);
  }
}

function describeReason(why: NotLinted): OutcomeWords {
  const { l10n } = vscode;
  const text = l10n.t('Not linting');
  switch (why) {
    case 'disabled':
    case 'otherExtension':
    case 'noESLint':
      return { severity: 'information', text, isNone: true };
    case 'restricted':
      return {
        severity: 'information',
        text: l10n.t('Restricted Mode'),
        detail: l10n.t('It runs code of the project: only in a trusted workspace'),
      };
    default:
      return unreachable(why);
  }
}

function describeReport({
  report,
  by,
  tookMs,
}: Extract<LintingOutcome, { kind: 'reported' }>): OutcomeWords {
  const { l10n } = vscode;
  const text = toolName({ ...by, origin: 'project' });
  switch (report.kind) {
    case 'linted': {
      const { length } = report.problems;
      const took = Math.round(tookMs);
      const detail =
        report.omitted === undefined
          ? l10n.t('Problems: {0}, {1} ms', length, took)
          : l10n.t('The first {0} problems, {1} ms', length, took);
      return { severity: 'information', text, detail };
    }
    case 'ignored':
      return { severity: 'information', text, detail: l10n.t('The project ignores this file') };
    case 'noConfiguration':
      return {
        severity: 'information',
        text,
        detail: l10n.t('The project has no configuration for it'),
      };
    case 'configurationError':
      return configurationWords(report);
    case 'restricted':
      return describeReason('restricted');
    default:
      return unreachable(report);
  }
}

/** A rule that throws is named in the third line. */
function describeFailure(error: unknown): OutcomeWords {
  const { l10n } = vscode;
  return failureWords(error, 3, {
    tooLong: l10n.t('Linting took too long'),
    sessionEnded: l10n.t('The session ended while linting'),
    failed: l10n.t('Linting failed'),
  });
}

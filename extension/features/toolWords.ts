import * as vscode from 'vscode';
import { clip } from '../../server/shared/base/clip.ts';
import { isGreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import { unreachable } from '../../server/shared/base/unreachable.ts';
import type { ToolInfo } from '../../server/shared/protocol/events.ts';
import { tierWords } from '../confinementWords.ts';
import type { LiveSession } from './liveSessions.ts';

/** What is told of how a tool has fared with a document. */
export interface OutcomeWords {
  readonly severity: 'information' | 'warning' | 'error';
  /** Short: what the status item shows. */
  readonly text: string;
  /** One sentence more. */
  readonly detail?: string;
  /** Worth interrupting the user for, once. */
  readonly isUrgent?: boolean;
  /** The tool has nothing to do with the document: its status is not shown. */
  readonly isNone?: boolean;
}

/** Names that people write differently from programs. */
const properNames: Readonly<Record<string, string>> = {
  black: 'Black',
  eslint: 'ESLint',
  prettier: 'Prettier',
};

/** The tool as people name it, with its version; and that it is not the project's, where it is not. */
export function toolName(
  tool: Pick<ToolInfo, 'name' | 'origin'> & { readonly version?: string },
): string {
  const { name, version, origin } = tool;
  const words = [properNames[name] ?? name, version].filter(word => word !== undefined);
  return `${words.join(' ')}${origin === 'bundled' ? ` (${vscode.l10n.t('bundled')})` : ''}`;
}

/** What is wrong with the project's configuration, and where. */
export function configurationWords(report: {
  readonly message: string;
  readonly file?: string | undefined;
}): OutcomeWords {
  return {
    severity: 'error',
    text: vscode.l10n.t('Configuration error'),
    detail: configurationDetail(report.message, report.file),
    isUrgent: true,
  };
}

/** The file as the user knows it, then what is wrong with it: the first two lines, without the drawing. */
function configurationDetail(message: string, file: string | undefined): string {
  const reason = firstLines(message, 2);
  if (file === undefined) return reason;
  return `${vscode.workspace.asRelativePath(file)}: ${reason.replace(` in "${file}"`, '')}`;
}

export function firstLines(text: string, count: number): string {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return clip(lines.slice(0, count).join(' '), 300);
}

/** How people call that one kind of work did not succeed. */
export interface FailureTexts {
  readonly tooLong: string;
  readonly sessionEnded: string;
  readonly failed: string;
}

/** What went wrong with a call, with so many lines of its message. */
export function failureWords(error: unknown, lines: number, texts: FailureTexts): OutcomeWords {
  const { t } = vscode.l10n;
  const detail = firstLines(messageOf(error), lines);
  if (isGreenroomError(error, 'call.deadline')) {
    return {
      severity: 'error',
      text: texts.tooLong,
      detail: t('{0}. Its session was ended if it did not stop by itself.', detail),
      isUrgent: true,
    };
  }
  if (isGreenroomError(error, 'session.lost')) {
    return { severity: 'error', text: texts.sessionEnded, detail, isUrgent: true };
  }
  if (isGreenroomError(error, 'session.unavailable')) {
    // The user has been told, and asked whether to try again.
    return { severity: 'error', text: t('Sessions keep crashing'), detail };
  }
  if (isGreenroomError(error, 'session.unconfined')) {
    return { severity: 'error', text: t('Not confined'), detail, isUrgent: true };
  }
  if (isGreenroomError(error, 'queue.full')) {
    return { severity: 'warning', text: t('Too many requests'), detail };
  }
  return { severity: 'error', text: texts.failed, detail, isUrgent: true };
}

/** What the session that waits for a document is doing, and how it is confined. */
export function sessionWords(session: LiveSession | undefined): string {
  return withTier(stateWords(session?.state), session);
}

/** The words, and how the session is confined as soon as that is known. */
export function withTier(words: string, session: LiveSession | undefined): string {
  if (!session?.confinement) return words;
  return vscode.l10n.t('{0}, {1}', words, tierWords(session.confinement));
}

function stateWords(state: LiveSession['state'] | undefined): string {
  const { t } = vscode.l10n;
  switch (state) {
    case 'starting':
      return t('Session starting');
    case 'ready':
      return t('Session ready');
    case 'draining':
      return t('Session ending');
    case undefined:
      return t('No session yet');
    default:
      return unreachable(state);
  }
}

import { messageOf } from '../../shared/toldErrors.ts';
import type { FormatReport } from '../../shared/protocol/formatting.ts';
import { isRestricted } from './restricted.ts';

interface Position {
  readonly line?: unknown;
  readonly column?: unknown;
}

/** Tells what the user can mend from what is a fault of the tool; the latter is thrown on. */
export function reportFormatError(error: unknown): FormatReport {
  if (isRestricted(error)) return { kind: 'restricted' };
  if (!(error instanceof Error)) throw error;
  switch (error.name) {
    case 'UndefinedParserError':
      return { kind: 'unsupported' };
    case 'ConfigError':
      return { kind: 'configurationError', message: messageOf(error) };
    case 'SyntaxError':
    case 'CssSyntaxError':
    case 'YAMLSemanticError':
    case 'GraphQLError':
      return syntaxError(error);
    default:
      if (isUnreachablePlugin(error) || isInvalidOption(error)) {
        return { kind: 'configurationError', message: messageOf(error) };
      }
      if ('loc' in error || endsWithPlace.test(error.message)) return syntaxError(error);
      throw error;
  }
}

function syntaxError(error: Error): FormatReport {
  const position = startOf((error as { loc?: unknown }).loc) ?? placeIn(error.message);
  return {
    kind: 'syntaxError',
    message: firstSentence(messageOf(error)),
    ...(isOffset(position?.line) && { line: position.line }),
    ...(isOffset(position?.column) && { column: position.column }),
  };
}

/** Handlebars tells the place only in its words: `if doesn't match each - 1:3`. */
const endsWithPlace = / - (\d+):(\d+)$/u;

function placeIn(message: string): Position | undefined {
  const [, line, column] = endsWithPlace.exec(message) ?? [];
  return line === undefined ? undefined : { line: Number(line), column: Number(column) };
}

/** Without the place, which is told apart, and the drawing of the source, which the editor has itself. */
function firstSentence(message: string): string {
  return (message.split('\n')[0] ?? message)
    .replace(/ \(\d+:\d+\)$/u, '')
    .replace(endsWithPlace, '');
}

function startOf(loc: unknown): Position | undefined {
  if (typeof loc !== 'object' || loc === null) return undefined;
  return 'start' in loc ? (loc.start as Position) : loc;
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isUnreachablePlugin(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'EACCES';
}

/** Prettier gives these errors no name or code of their own; the wording is the same in 2 and 3. */
function isInvalidOption(error: Error): boolean {
  return /^Invalid .+ value\. Expected /u.test(error.message);
}

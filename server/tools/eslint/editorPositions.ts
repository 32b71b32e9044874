import type { LintRequest, Problem } from '../../shared/protocol/linting.ts';

type Position = Problem['range']['start'];

/** Turns a line and a column that count from 1 into a place in the editor. */
export type ToPosition = (line: unknown, column: unknown) => Position;

export const byteOrderMark = '\uFEFF';

/** Where ESLint ends lines of JavaScript and the editor does not. */
const separators = /[\u2028\u2029]/u;

/** ESLint does not see a byte order mark, and in JavaScript it ends lines where editors do not. */
export function editorPositions({ text, languageId }: LintRequest): ToPosition {
  const shift = text.startsWith(byteOrderMark) ? 1 : 0;
  const simple: ToPosition = (line, column) => {
    const place = { line: fromOne(line), column: fromOne(column) };
    return place.line === 0 ? { line: 0, column: place.column + shift } : place;
  };
  if (!separators.test(text) || !isScript(languageId)) return simple;
  return throughOffsets(text, simple);
}

function throughOffsets(text: string, simple: ToPosition): ToPosition {
  const theirs = lineStarts(text, /\r\n|[\r\n\u2028\u2029]/gu);
  const ours = lineStarts(text, /\r\n|[\r\n]/gu);
  return (line, column) => {
    const place = simple(line, column);
    const offset = (theirs[place.line] ?? text.length) + place.column;
    const after = ours.findIndex(start => start > offset);
    const ourLine = (after < 0 ? ours.length : after) - 1;
    return { line: ourLine, column: offset - ours[ourLine]! };
  };
}

function lineStarts(text: string, lineEnd: RegExp): number[] {
  return [0, ...[...text.matchAll(lineEnd)].map(({ 0: end, index }) => index + end.length)];
}

function isScript(languageId: string): boolean {
  return /^(javascript|typescript|vue$|svelte$|astro$|glimmer-)/u.test(languageId);
}

/** What is missing, or no number, is the beginning. */
function fromOne(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, (value as number) - 1) : 0;
}

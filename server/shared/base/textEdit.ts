/** Replaces the characters from `start` to `end` (UTF-16 offsets, `end` excluded) with `text`. */
export interface TextReplacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The one replacement that turns `before` into `after` and leaves the longest common beginning and
 * end alone, or undefined when they are equal. Never splits a surrogate pair or a CR LF.
 */
export function smallestReplacement(before: string, after: string): TextReplacement | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (splitsUnit(before, start) || splitsUnit(after, start)) start--;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  if (splitsUnit(before, before.length - tail) || splitsUnit(after, after.length - tail)) tail--;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** Whether a cut at `offset` falls inside something that belongs together. */
function splitsUnit(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const left = text.charCodeAt(offset - 1);
  const right = text.charCodeAt(offset);
  const isPair = left >= 0xd800 && left <= 0xdbff && right >= 0xdc00 && right <= 0xdfff;
  const isLineEnd = left === 0x0d && right === 0x0a;
  return isPair || isLineEnd;
}

import * as v from 'valibot';
import { errorLimits } from '../toldErrors.ts';

/** A place in a text, in UTF-16 units. */
export const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What is shown to a person; longer than that is nobody's message. */
export const words = v.pipe(v.string(), v.maxLength(errorLimits.message));

/** Replaces a part of the request's text. */
export const edit = v.strictObject({ start: offset, end: offset, text: v.string() });

/** The project's configuration cannot be used. */
export const configurationError = v.strictObject({
  kind: v.literal('configurationError'),
  message: words,
  file: v.optional(words),
});

/** Throws a `ValiError` when an edit does not lie within a text of `textLength`. */
export function assertWithin(
  edits: readonly { readonly start: number; readonly end: number }[],
  textLength: number,
): void {
  for (const { start, end } of edits) {
    v.parse(v.pipe(offset, v.maxValue(textLength)), end);
    v.parse(v.pipe(offset, v.maxValue(end)), start);
  }
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestReplacement } from '../../../../../server/shared/base/textEdit.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '\r\n', '😀', '😁', 'é') });

test('applying the replacement to the one text gives the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edit = smallestReplacement(before, after);
      const { start, end, text: put } = edit ?? { start: 0, end: 0, text: '' };
      expect(before.slice(0, start) + put + before.slice(end)).toBe(after);
    }),
  );
});

test('the replacement never begins or ends inside a character or a line ending', () => {
  const splits = (whole: string, at: number) =>
    /^(?:\r\n|[\uD800-\uDBFF][\uDC00-\uDFFF])$/u.test(whole.slice(at - 1, at + 1));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edit = smallestReplacement(before, after);
      if (!edit) return;
      expect(edit.start > 0 && splits(before, edit.start)).toBe(false);
      expect(edit.end > 0 && splits(before, edit.end)).toBe(false);
    }),
  );
});

test('only what differs is replaced', () => {
  expect(smallestReplacement('a  =  1;', 'a = 1;')).toEqual({ start: 2, end: 5, text: '=' });
  expect(smallestReplacement('same', 'same')).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Seen } from '../../../../../../server/shared/rpc/values/seen.ts';

/** What it is to tell, in the plainest way. */
function numbersOf(objects: readonly object[]): readonly number[] {
  const known: object[] = [];
  return objects.map(object => {
    const number = known.indexOf(object);
    if (number < 0) known.push(object);
    return number;
  });
}

test('objects have numbers in the order of their first occurrence, however many there are and whichever occur again', () => {
  const seen = new Seen();
  const objects = Array.from({ length: 40 }, () => ({}));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...objects), { maxLength: 120 }), message => {
      seen.clear();
      expect(message.map(object => seen.indexOf(object))).toEqual(numbersOf(message));
    }),
  );
});

test('each object of many that occurs again has the number that it had', () => {
  const seen = new Seen();
  const objects = Array.from({ length: 100 }, () => ({}));
  expect(objects.every(object => seen.indexOf(object) === -1)).toBe(true);
  expect(objects.map(object => seen.indexOf(object))).toEqual(objects.map((_, index) => index));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldPieces, PieceBudget } from '../../../../../../server/shared/rpc/values/pieces.ts';
import { collectGarbage } from '../../../../../support/garbage.ts';

const mebibyte = 1024 * 1024;

/** Bytes that tell where they stand, also in the next mebibyte. */
const sample = new Uint8Array(3 * mebibyte).map((_, at) => (at + (at >> 8) + (at >> 16) * 7) % 251);

/** Lengths that add up to all of the sample. */
const cuts = fc
  .array(fc.nat(sample.length), { maxLength: 12 })
  .map(places => [0, ...places.sort((a, b) => a - b), sample.length])
  .map(places => places.slice(1).map((end, at) => [places[at]!, end] as const))
  .map(parts => parts.filter(([begin, end]) => end > begin));

test('bytes are taken as they came, however they were cut and are taken', () => {
  fc.assert(
    fc.property(cuts, cuts, (pieces, values) => {
      const held = new HeldPieces(new PieceBudget(sample.length));
      for (const [begin, end] of pieces) held.add(sample.subarray(begin, end));
      for (const [begin, end] of values) {
        const taken = held.take(end - begin);
        expect(Buffer.compare(taken, sample.subarray(begin, end))).toBe(0);
        expect(taken.buffer.byteLength).toBe(taken.length);
      }
      held.assertTaken();
    }),
    { numRuns: 30 },
  );
});

test('small pieces take hardly more memory than there are bytes in them', () => {
  const held = new HeldPieces(new PieceBudget(mebibyte));
  const one = Uint8Array.of(7);
  collectGarbage();
  const before = process.memoryUsage();
  for (let at = 0; at < 200_000; at++) held.add(one);
  collectGarbage();
  const after = process.memoryUsage();
  expect(held.bytes).toBe(200_000);
  const heap = after.heapUsed - before.heapUsed;
  expect(heap + after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 * mebibyte);
});

test('several hold no more together than the budget allows', () => {
  const budget = new PieceBudget(10);
  const [first, second] = [new HeldPieces(budget), new HeldPieces(budget)];
  first.add(new Uint8Array(6));
  second.add(new Uint8Array(3));
  first.take(6);
  second.add(new Uint8Array(7));
  second.clear();
  first.add(new Uint8Array(10));
  expect(() => second.add(new Uint8Array(1))).toThrow('more than 10 bytes came ahead');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldPieces } from '../../../../../../server/shared/rpc/values/pieces.ts';

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
      const held = new HeldPieces(sample.length);
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

test('values may take bytes while more of them come', () => {
  const held = new HeldPieces(2 * mebibyte);
  const [piece, value] = [mebibyte / 2, mebibyte / 2 - 1];
  for (let at = 0; at < 6; at++) {
    held.add(sample.subarray(at * piece, (at + 1) * piece));
    const expected = sample.subarray(at * value, (at + 1) * value);
    expect(Buffer.compare(held.take(value), expected)).toBe(0);
    expect(held.bytes).toBe(at + 1);
  }
  held.clear();
  expect(held.bytes).toBe(0);
  held.assertTaken();
});

test('small pieces take no more memory than large ones', () => {
  const held = new HeldPieces(mebibyte);
  const one = Uint8Array.of(7);
  const before = process.memoryUsage();
  for (let at = 0; at < 100_000; at++) held.add(one);
  const after = process.memoryUsage();
  expect(held.bytes).toBe(100_000);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 * mebibyte);
});

import { expect, test } from 'vitest';
import { whyRecycle } from '../../../../../extension/sessions/pool/recycling.ts';

const limits = { maxAgeMs: 3_600_000, maxCalls: 1_000, maxResidentMb: 500, memoryAfterCalls: 100 };
const fresh = { ageMs: 0, calls: 100, residentMb: 50 };

test.each([
  [{ ...fresh, residentMb: 500.4 }, 'it used 500 MB, more than 500 MB'],
  [{ ...fresh, calls: 1_000 }, 'it had answered 1000 calls'],
  [{ ...fresh, ageMs: 3_600_000 }, 'it was 60 min old'],
])('%o is worn', (wear, why) => {
  expect(whyRecycle(wear, limits)).toBe(why);
});

test.each([
  ['below every limit', { ageMs: 3_599_999, calls: 999, residentMb: 499 }, limits],
  ['that was large from the start', { ...fresh, calls: 99, residentMb: 900 }, limits],
  ['of unknown memory', { ...fresh, residentMb: undefined }, limits],
  [
    'without limits',
    { ageMs: 1e12, calls: 1e9, residentMb: 1e6 },
    { maxAgeMs: 0, maxCalls: 0, maxResidentMb: 0, memoryAfterCalls: 0 },
  ],
])('a session %s is kept', (_, wear, allowed) => {
  expect(whyRecycle(wear, allowed)).toBeUndefined();
});

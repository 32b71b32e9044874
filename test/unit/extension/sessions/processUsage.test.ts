import { expect, test } from 'vitest';
import { fromPs } from '../../../../extension/sessions/processUsage.ts';

test.each([
  ['  45120   1:02.53', 45_120, 62_530],
  ['100 00:05', 100, 5_000],
  ['100   10:00:01', 100, 36_001_000],
  ['100 2-03:04:05', 100, (((2 * 24 + 3) * 60 + 4) * 60 + 5) * 1_000],
])('what ps prints: %j', (output, kibibytes, processorMs) => {
  expect(fromPs(output)).toEqual({ residentBytes: kibibytes * 1_024, processorMs, processes: 1 });
});

test.each(['', '100 1:02,53', 'RSS TIME'])('what is no line of ps says nothing: %j', output => {
  expect(fromPs(output)).toBeUndefined();
});

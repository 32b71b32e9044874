import { expect, test } from 'vitest';
import { createFormats } from '../../../webview/format.ts';

const format = createFormats('en');

test('milliseconds carry three figures, however small they are', () => {
  expect([0.084, 8.412, 31.45, 1204.4].map(format.milliseconds)).toEqual([
    '0.08 ms',
    '8.41 ms',
    '31.5 ms',
    '1,204 ms',
  ]);
});

test('sizes are counted in powers of 1024', () => {
  const sizes = [700 * 1024, 141 * 1024 ** 2, 1.5 * 1024 ** 3];
  expect(sizes.map(format.bytes)).toEqual(['700 kB', '141 MB', '1.5 GB']);
});

test('traffic is told from the single byte on, and none of it is a dash', () => {
  const sizes = [0, 44, 1023, 1024, 1500, 10_190, 20_000, 3.21 * 1024 ** 2, 1.5 * 1024 ** 3];
  expect(sizes.map(format.traffic)).toEqual([
    '–',
    '44 B',
    '1,023 B',
    '1.0 kB',
    '1.5 kB',
    '10 kB',
    '20 kB',
    '3.2 MB',
    '1.5 GB',
  ]);
  expect(createFormats('fr').traffic(44)).toBe('44 o');
});

test('an age names its two largest units', () => {
  const ages = [-5, 900, 45_000, 192_000, 7_500_000, 93_600_000];
  expect(ages.map(format.age)).toEqual(['0s', '0s', '45s', '3m 12s', '2h 5m', '1d 2h']);
});

test('numbers are written as the language writes them', () => {
  const german = createFormats('de');
  expect([german.count(1482), german.milliseconds(8.412)]).toEqual(['1.482', '8,41 ms']);
});

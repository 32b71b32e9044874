import { expect, test } from 'vitest';
import { SettledChanges } from '../../../../extension/features/settledChanges.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

function collect() {
  const clock = new ManualClock();
  const told: (readonly string[])[] = [];
  return { clock, told, changes: new SettledChanges(clock, files => told.push(files)) };
}

test('files that change at once are told of together, each once', () => {
  const { clock, told, changes } = collect();
  for (const file of ['a', 'b', 'a']) {
    changes.note(file);
    clock.advance(499);
  }
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual([['a', 'b']]);
});

test('a file that changes ten times a second is told of every ten seconds', () => {
  const { clock, told, changes } = collect();
  for (let n = 0; n < 250; n++) {
    changes.note('lock');
    clock.advance(100);
  }
  expect(told).toEqual([['lock'], ['lock']]);
});

test('nothing is told any more when it is disposed', () => {
  const { clock, told, changes } = collect();
  changes.note('a');
  changes.dispose();
  expect([clock.pending, told]).toEqual([0, []]);
});

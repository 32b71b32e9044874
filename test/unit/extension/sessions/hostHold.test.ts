import { expect, test } from 'vitest';
import { HostHold } from '../../../../extension/sessions/hostHold.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

function create() {
  const clock = new ManualClock();
  const done: string[] = [];
  const hold = new HostHold(
    { ref: () => void done.push('ref'), unref: () => void done.push('unref') },
    clock,
  );
  return { clock, done, hold };
}

test('a session that is idle for a moment lets its host end, and holds it again when it is called', () => {
  const { clock, done, hold } = create();
  hold.setNeeded(false);
  expect(done).toEqual([]);
  clock.advance(20);
  expect(done).toEqual(['unref']);
  hold.setNeeded(true);
  expect(done).toEqual(['unref', 'ref']);
  expect(clock.pending).toBe(0);
});

test('pauses between calls change nothing, and one timer serves them all', () => {
  const { clock, done, hold } = create();
  for (let call = 0; call < 10; call++) {
    hold.setNeeded(true);
    hold.setNeeded(false);
  }
  expect(clock.pending).toBe(1);
  hold.setNeeded(true);
  clock.advance(1_000);
  expect(done).toEqual([]);
  hold.setNeeded(false);
  clock.advance(20);
  expect(done).toEqual(['unref']);
});

test('a session that is to end holds its host until it has', () => {
  const { clock, done, hold } = create();
  hold.setNeeded(false);
  clock.advance(20);
  hold.holdForGood();
  hold.setNeeded(true);
  hold.setNeeded(false);
  clock.advance(1_000);
  expect(done).toEqual(['unref', 'ref']);
});

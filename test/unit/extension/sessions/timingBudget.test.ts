import { expect, test } from 'vitest';
import { TimingBudget } from '../../../../extension/sessions/timingBudget.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

function taken(budget: TimingBudget, tries: number): number {
  let taken = 0;
  for (let n = 0; n < tries; n++) if (budget.take()) taken++;
  return taken;
}

test('of a flood only so many calls a second are timed', () => {
  const clock = new ManualClock();
  const budget = new TimingBudget(10, clock);
  expect(taken(budget, 1_000)).toBe(10);
  clock.advance(999);
  expect(taken(budget, 1_000)).toBe(0);
  clock.advance(1);
  expect(taken(budget, 1_000)).toBe(10);
});

test('whoever calls seldom has every call timed', () => {
  const clock = new ManualClock();
  const budget = new TimingBudget(2, clock);
  for (let second = 0; second < 10; second++) {
    expect(taken(budget, 2)).toBe(2);
    clock.advance(1_000);
  }
});

test('whoever calls steadily, within the bound, has every call timed', () => {
  const clock = new ManualClock();
  const budget = new TimingBudget(5, clock);
  for (let n = 0; n < 40; n++) {
    expect(taken(budget, 1)).toBe(1);
    clock.advance(250);
  }
});

test('whoever calls seldom after a flood has every call timed', () => {
  const clock = new ManualClock();
  const budget = new TimingBudget(5, clock);
  expect(taken(budget, 8)).toBe(5);
  for (let n = 0; n < 60; n++) {
    clock.advance(10_000);
    expect(taken(budget, 1)).toBe(1);
  }
  expect(clock.pending).toBeLessThanOrEqual(1);
});

test('where nobody reads records there are none', () => {
  const clock = new ManualClock();
  const budget = new TimingBudget(0, clock);
  clock.advance(5_000);
  expect(taken(budget, 1_000)).toBe(0);
});

import { expect, test } from 'vitest';
import { GreenroomError } from '../../../../server/shared/errors.ts';
import { PendingCalls } from '../../../../server/shared/rpc/pendingCalls.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

const givenUp = new GreenroomError('call.cancelled', 'given up');

function create() {
  const clock = new ManualClock();
  let stuck = 0;
  const calls = new PendingCalls<string>(clock, 100, () => stuck++);
  return { calls, clock, stuckCount: () => stuck };
}

test('a call is answered once', async () => {
  const { calls } = create();
  const call = calls.add(1);
  expect(calls.answer(1, 'a')).toBe(true);
  expect(calls.answer(1, 'b')).toBe(false);
  expect(await call).toBe('a');
  expect(calls.size).toBe(0);
});

test('the oldest call, given up, fails when it is answered', async () => {
  const { calls, clock, stuckCount } = create();
  const call = calls.add(1);
  calls.abandon(1, givenUp);
  clock.advance(99);
  calls.answer(1, 'late');
  await expect(call).rejects.toBe(givenUp);
  clock.advance(1_000);
  expect(stuckCount()).toBe(0);
});

test('a younger call, given up, fails at once and does not make the other side stuck', async () => {
  const { calls, clock, stuckCount } = create();
  const first = calls.add(1);
  const second = calls.add(2);
  calls.abandon(2, givenUp);
  await expect(second).rejects.toBe(givenUp);
  clock.advance(1_000);
  expect(stuckCount()).toBe(0);
  expect(calls.answer(1, 'a')).toBe(true);
  expect(await first).toBe('a');
});

test('a call that was given up has its grace period from when it became the oldest', () => {
  const { calls, clock, stuckCount } = create();
  void calls.add(1);
  calls.add(2).catch(() => undefined);
  calls.abandon(2, givenUp);
  clock.advance(500);
  calls.answer(1, 'a');
  clock.advance(99);
  expect(stuckCount()).toBe(0);
  clock.advance(1);
  expect(stuckCount()).toBe(1);
});

test('when everything fails, calls that were given up keep their own reason', async () => {
  const { calls, clock } = create();
  const first = calls.add(1);
  const second = calls.add(2);
  calls.abandon(1, givenUp);
  calls.failAll(new Error('lost'));
  await expect(first).rejects.toBe(givenUp);
  await expect(second).rejects.toThrow('lost');
  expect(clock.pending).toBe(0);
});

import { expect, test } from 'vitest';
import { GreenroomError } from '../../../../server/shared/errors.ts';
import { PendingCalls, type Stuck } from '../../../../server/shared/rpc/pendingCalls.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

const givenUp = new GreenroomError('call.cancelled', 'given up');

function create() {
  const clock = new ManualClock();
  const stuck: Stuck[] = [];
  const calls = new PendingCalls<string>(clock, 100, how => stuck.push(how));
  return { calls, clock, stuck };
}

test('a call is answered once', async () => {
  const { calls } = create();
  const call = calls.add(1);
  expect(calls.answer(1, 'a')).toBe(true);
  expect(calls.answer(1, 'b')).toBe(false);
  expect(await call).toBe('a');
  expect(calls.size).toBe(0);
});

test('a call that is given up before it started fails at once and harms nobody', async () => {
  const { calls, clock, stuck } = create();
  const call = calls.add(1);
  calls.abandon(1, givenUp);
  await expect(call).rejects.toBe(givenUp);
  clock.advance(1_000);
  expect(stuck).toEqual([]);
  expect(calls.answer(1, 'too late to matter')).toBe(true);
});

test('a call that runs fails when it is answered after it was given up', async () => {
  const { calls, clock, stuck } = create();
  const call = calls.add(1);
  calls.started(1);
  calls.abandon(1, givenUp);
  clock.advance(99);
  calls.answer(1, 'late');
  await expect(call).rejects.toBe(givenUp);
  clock.advance(1_000);
  expect(stuck).toEqual([]);
});

test('a process that does not acknowledge within the grace period is blocked', async () => {
  const { calls, clock, stuck } = create();
  const call = calls.add(1);
  calls.started(1);
  calls.abandon(1, givenUp);
  clock.advance(99);
  expect(stuck).toEqual([]);
  clock.advance(1);
  expect(stuck).toEqual(['blocked']);
  calls.failAll(new Error('replaced'));
  await expect(call).rejects.toBe(givenUp);
});

test('a call that is acknowledged fails its caller, and is ignoring if it goes on', async () => {
  const { calls, clock, stuck } = create();
  const call = calls.add(1);
  calls.started(1);
  calls.abandon(1, givenUp);
  clock.advance(99);
  calls.acknowledged(1);
  await expect(call).rejects.toBe(givenUp);
  clock.advance(99);
  expect(stuck).toEqual([]);
  clock.advance(1);
  expect(stuck).toEqual(['ignoring']);
});

test('a cancellation that crosses the start is watched from the start', () => {
  const { calls, clock, stuck } = create();
  calls.add(1).catch(() => undefined);
  calls.abandon(1, givenUp);
  clock.advance(500);
  calls.started(1);
  clock.advance(100);
  expect(stuck).toEqual(['blocked']);
});

test('one call that hangs hides no other that blocks', () => {
  const { calls, clock, stuck } = create();
  for (const id of [1, 2]) {
    calls.add(id).catch(() => undefined);
    calls.started(id);
  }
  calls.abandon(2, givenUp);
  clock.advance(100);
  expect(stuck).toEqual(['blocked']);
});

test('when everything fails, calls that were given up keep their own reason', async () => {
  const { calls, clock } = create();
  const first = calls.add(1);
  const second = calls.add(2);
  calls.started(1);
  calls.abandon(1, givenUp);
  calls.failAll(new Error('lost'));
  await expect(first).rejects.toBe(givenUp);
  await expect(second).rejects.toThrow('lost');
  expect(clock.pending).toBe(0);
});

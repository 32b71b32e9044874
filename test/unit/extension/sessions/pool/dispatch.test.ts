import { expect, test } from 'vitest';
import {
  chooseForCall,
  chooseForLease,
  shouldGrow,
  type Load,
} from '../../../../../extension/sessions/pool/dispatch.ts';

const ready = (calls: number, leases = calls): Load => ({ isReady: true, calls, leases });
const starting = (leases = 0): Load => ({ isReady: false, calls: 0, leases });

test('a call goes to the replica with least to do', () => {
  const idle = ready(0);
  expect(chooseForCall([ready(2), idle, ready(1)], 8)).toBe(idle);
});

test('of two with as many calls, the one that fewer hold on to', () => {
  const free = ready(1, 1);
  expect(chooseForCall([ready(1, 3), free], 8)).toBe(free);
});

test.each([
  ['has as many calls as it may', ready(8)],
  ['is not ready', starting()],
])('a call goes to none that %s', (_, replica) => {
  expect(chooseForCall([replica], 8)).toBeUndefined();
});

test('a lease rather waits for a start than for nothing, and prefers what is ready', () => {
  const beginning = starting();
  const busy = ready(5);
  expect(chooseForLease([beginning])).toBe(beginning);
  expect(chooseForLease([beginning, busy])).toBe(busy);
  expect(chooseForLease([])).toBeUndefined();
});

test.each<[string, Load[], number, boolean]>([
  ['there is none', [], 1, true],
  ['all are busy and one more is allowed', [ready(8)], 1, true],
  ['as many as allowed are there', [ready(8), ready(8), ready(8)], 5, false],
  ['one that starts has places for all who wait', [ready(8), starting()], 8, false],
  ['more wait than one that starts has places', [ready(8), starting()], 9, true],
  ['nobody waits', [ready(8)], 0, false],
])('whether another replica is started when %s', (_, replicas, waiting, grows) => {
  expect(shouldGrow(replicas, waiting, { maxReplicas: 3, maxCallsAtOnce: 8 })).toBe(grows);
});

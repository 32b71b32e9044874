import { expect, test } from 'vitest';
import type { TextDocument } from 'vscode';
import { LintSchedule } from '../../../../../extension/features/linting/lintSchedule.ts';
import type { Withdrawal } from '../../../../../extension/features/linting/withdrawal.ts';
import { ManualClock } from '../../../../support/manualPlatform.ts';

interface Lint {
  readonly withdrawal: Withdrawal;
  readonly finish: () => void;
}

/** A schedule whose lints last until they are told to finish. */
function create() {
  const lints: Lint[] = [];
  const clock = new ManualClock();
  const schedule = new LintSchedule((_document, withdrawal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    lints.push({ withdrawal, finish: resolve });
    return promise;
  }, clock);
  const document = { uri: 'file:///a.js' } as unknown as TextDocument;
  const request = (delayMs = 300) => schedule.request(document, delayMs);
  const turn = () => new Promise(resolve => setImmediate(resolve));
  return { schedule, document, clock, lints, request, turn };
}

test('nothing is linted while somebody types', () => {
  const { clock, lints, request } = create();
  for (let keys = 0; keys < 10; keys++) {
    request();
    clock.advance(200);
  }
  expect(lints).toHaveLength(0);
  clock.advance(100);
  expect(lints).toHaveLength(1);
});

test('one document is linted one time after the other, and only once for all that came meanwhile', async () => {
  const { clock, lints, request, turn } = create();
  request(0);
  clock.advance(0);
  lints[0]!.withdrawal.onStart();
  for (let keys = 0; keys < 3; keys++) {
    request();
    clock.advance(300);
  }
  expect(lints).toHaveLength(1);
  lints[0]!.finish();
  await turn();
  expect(lints).toHaveLength(2);
  lints[1]!.finish();
  await turn();
  expect(lints).toHaveLength(2);
});

test('a lint that waits is given up when the document changes', () => {
  const { clock, lints, request } = create();
  request(0);
  clock.advance(0);
  request();
  expect(lints[0]!.withdrawal.signal.aborted).toBe(true);
});

test('one that runs is let finish, though nobody wants it any more', () => {
  const { clock, lints, request } = create();
  request(0);
  clock.advance(0);
  lints[0]!.withdrawal.onStart();
  request();
  expect(lints[0]!.withdrawal.signal.aborted).toBe(false);
  expect(lints[0]!.withdrawal.isWithdrawn).toBe(true);
});

test('a document that is closed is not linted any more', async () => {
  const { schedule, document, clock, lints, request, turn } = create();
  request(0);
  clock.advance(0);
  request();
  schedule.drop(document);
  lints[0]!.finish();
  clock.advance(1_000);
  await turn();
  expect(lints).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

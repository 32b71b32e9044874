import { describe, expect, test } from 'vitest';
import { Backoff } from '../../../../../extension/sessions/pool/backoff.ts';
import { Losses, type Loss } from '../../../../../extension/sessions/pool/losses.ts';
import { ManualClock } from '../../../../support/manualPlatform.ts';

describe('the pause before a replacement', () => {
  const limits = { firstMs: 100, maxMs: 2_000, calmMs: 60_000 };

  test('is none after the first loss', () => {
    expect(new Backoff(limits).lost(0)).toBe(0);
  });

  test('grows with every further one, up to a bound', () => {
    const backoff = new Backoff(limits);
    const pauses = Array.from({ length: 20 }, (_, n) => backoff.lost(n * 1_000));
    expect(pauses[1]).toBeLessThan(400);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2_000);
    expect(pauses.at(-1)).toBeGreaterThan(pauses[1]!);
  });

  test('differs between sessions that are lost together', () => {
    const backoffs = Array.from({ length: 20 }, () => new Backoff(limits));
    for (const backoff of backoffs) backoff.lost(0);
    expect(new Set(backoffs.map(backoff => backoff.lost(1))).size).toBeGreaterThan(10);
  });

  test('is none again after a time without a loss', () => {
    const backoff = new Backoff(limits);
    for (const atMs of [0, 1, 2]) backoff.lost(atMs);
    expect(backoff.lost(60_002)).toBe(0);
  });
});

describe('sessions that are lost in a row', () => {
  function create() {
    const suspended: Loss[] = [];
    const policy = {
      breaker: { maxLosses: 3, openMs: 30_000 },
      backoff: { firstMs: 1, maxMs: 1, calmMs: 1 },
    };
    const clock = new ManualClock();
    const resumed: number[] = [];
    const losses = new Losses(
      () => policy,
      clock,
      loss => suspended.push(loss),
      () => resumed.push(clock.now()),
    );
    const lose = async (id: string) => {
      const trial = losses.beginTrial();
      losses.add({ id, why: `${id} broke` });
      trial.fail(new Error(id));
      await settled();
    };
    return { losses, clock, suspended, resumed, lose };
  }

  /** The breaker hears of outcomes a few promises later. */
  const settled = () => new Promise(setImmediate);

  test('are no longer started, until it is time for one try', async () => {
    const { losses, clock, suspended, lose } = create();
    for (const id of ['a', 'b', 'c']) await lose(id);
    expect(suspended).toEqual([{ id: 'c', why: 'c broke' }]);
    expect(losses.allowStart).toBe(false);
    clock.advance(20_000);
    expect(losses.unavailable().message).toMatch(/3 times in a row.*c broke.*in 10 s/u);
    clock.advance(10_000);
    expect(losses.allowStart).toBe(true);
  });

  test('and of which one works begin to be counted anew', async () => {
    const { losses, suspended, lose } = create();
    for (const id of ['a', 'b']) await lose(id);
    losses.beginTrial().succeed();
    await settled();
    for (const id of ['c', 'd']) await lose(id);
    expect(suspended).toEqual([]);
    expect(losses.allowStart).toBe(true);
  });

  test('are tried one at a time then, and a failure suspends them again', async () => {
    const { losses, clock, suspended, lose } = create();
    for (const id of ['a', 'b', 'c']) await lose(id);
    clock.advance(30_000);
    const trial = losses.beginTrial();
    expect(losses.allowStart).toBe(false);
    losses.add({ id: 'd', why: 'd broke' });
    trial.fail(new Error('d'));
    await settled();
    expect(suspended).toHaveLength(2);
    expect(losses.allowStart).toBe(false);
  });

  test('are told to work again when the one that was tried does', async () => {
    const { losses, clock, resumed, lose } = create();
    for (const id of ['a', 'b', 'c']) await lose(id);
    expect(losses.isSuspended).toBe(true);
    clock.advance(30_000);
    losses.beginTrial().succeed();
    await settled();
    expect([losses.isSuspended, resumed.length]).toEqual([false, 1]);
  });

  test('leave nothing unhandled when one is begun all the same', async () => {
    const { losses, lose } = create();
    for (const id of ['a', 'b', 'c', 'd']) await lose(id);
    expect(losses.allowStart).toBe(false);
  });

  test('are started again at once when a person asks for it', async () => {
    const { losses, lose } = create();
    for (const id of ['a', 'b', 'c']) await lose(id);
    losses.forgive();
    expect([losses.allowStart, losses.areOver]).toEqual([true, true]);
  });
});

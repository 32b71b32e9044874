import { describe, expect, test } from 'vitest';
import { toDisposable } from '../../../../../server/shared/base/disposable.ts';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { FakeGroup, settled, toolNamed } from '../../../../support/fakeGroup.ts';

const never = { maxAgeMs: 0, maxCalls: 0, maxResidentMb: 0, memoryAfterCalls: 0 };

describe('a session that nobody uses', () => {
  test('expires also when whoever it was started for has left before it was there', async () => {
    await using fake = new FakeGroup({ keepaliveMs: 1_000 });
    const call = fake.slot({ forMs: 10 });
    fake.clock.advance(10);
    await expect(call).rejects.toMatchObject({ code: 'call.deadline' });
    await fake.launched(0).ready();
    fake.clock.advance(1_000);
    await settled();
    expect(fake.reasons).toEqual(['idle']);
    expect(fake.isForgotten).toBe(true);
  });

  test('expires also when it was started for a load that has passed', async () => {
    await using fake = new FakeGroup({ keepaliveMs: 1_000, replicas: { min: 1, max: 2 } });
    const first = fake.slot();
    await fake.launched(0).ready();
    const slots = [await first];
    for (let n = 1; n < 8; n++) slots.push(await fake.slot());
    const ninth = fake.slot();
    for (const slot of slots) slot[Symbol.dispose]();
    (await ninth)[Symbol.dispose]();
    await fake.launched(1).ready();
    fake.clock.advance(1_000);
    await settled();
    expect(fake.reasons).toEqual(['idle', 'idle']);
  });

  test('leaves no timer behind when it is lost while someone holds on to it', async () => {
    await using fake = new FakeGroup({ replacesLost: false });
    const leasing = fake.acquire();
    await fake.launched(0).ready();
    const lease = (await leasing)!;
    fake.launched(0).session.end({ kind: 'exited' });
    lease.release();
    expect(fake.clock.pending).toBe(0);
  });

  test('leaves no timer behind when it has ended right behind its hello', async () => {
    await using fake = new FakeGroup({ replacesLost: false });
    const leasing = fake.acquire();
    fake.launched(0).session.state = { kind: 'closed', reason: { kind: 'exited' } };
    await fake.launched(0).ready();
    (await leasing)!.release();
    expect(fake.clock.pending).toBe(0);
    expect(fake.group.replicas).toEqual([]);
  });

  test('leaves no timer behind when it could not be started', async () => {
    await using fake = new FakeGroup();
    const leasing = fake.acquire();
    await fake.launched(0).fail(new Error('no'));
    await expect(leasing).rejects.toThrow('no');
    expect(fake.clock.pending).toBe(0);
  });
});

describe('a group of which nothing is left', () => {
  test('is forgotten when its session was given up before it was there', async () => {
    await using fake = new FakeGroup({ keepaliveMs: 0 });
    const source = new AbortController();
    const leasing = fake.acquire(source.signal);
    source.abort();
    await expect(leasing).rejects.toMatchObject({ code: 'call.cancelled' });
    fake.clock.advance(0);
    await settled();
    expect(fake.isForgotten).toBe(true);
  });

  test('is forgotten when the only call was never made', async () => {
    await using fake = new FakeGroup();
    await expect(fake.slot({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'call.cancelled',
    });
    expect(fake.isForgotten).toBe(true);
  });

  test('is forgotten when everything is closed, whatever was lost before', async () => {
    await using fake = new FakeGroup({ replacesLost: false });
    const leasing = fake.acquire();
    await fake.launched(0).fail(new Error('no'));
    await expect(leasing).rejects.toThrow('no');
    expect(fake.isForgotten).toBe(false);
    await fake.group.closeAll({ kind: 'requested' });
    expect(fake.isForgotten).toBe(true);
  });
});

describe('a session that is not kept warm', () => {
  test('ends with its last caller: who comes in the same turn gets another', async () => {
    await using fake = new FakeGroup({ keepaliveMs: 0 });
    const first = fake.acquire();
    await fake.launched(0).ready();
    (await first)!.release();
    const second = fake.acquire();
    await fake.launched(1).ready();
    expect((await second)!.session).toBe(fake.launched(1).session);
  });

  test('serves who waits for it first', async () => {
    await using fake = new FakeGroup({ keepaliveMs: 0, maxCallsAtOnce: 1 });
    const calls = [fake.slot(), fake.slot()];
    await fake.launched(0).ready();
    (await calls[0]!)[Symbol.dispose]();
    expect((await calls[1]!).session).toBe(fake.launched(0).session);
    await settled();
    expect(fake.reasons).toEqual([]);
  });
});

describe('callers who wait', () => {
  test('are served by another session when theirs is closed while it dies', async () => {
    await using fake = new FakeGroup();
    await fake.begin();
    fake.launched(0).session.isDying = true;
    const call = fake.slot();
    await settled();
    await fake.group.closeAll({ kind: 'requested' });
    await fake.launched(1).ready();
    expect((await call).session).toBe(fake.launched(1).session);
  });

  test('are told when the successor of a session that others hold on to cannot start', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxCalls: 1 } });
    await fake.begin();
    (await fake.slot())[Symbol.dispose]();
    const holder = (await fake.acquire())!;
    await fake.launched(1).ready();
    fake.launched(1).session.end({ kind: 'exited' });
    const call = fake.slot();
    await settled();
    await fake.launched(2).fail(new Error('no'));
    await expect(call).rejects.toThrow('no');
    holder.release();
  });
});

describe('whoever waits for a session', () => {
  /** How many things keep the program running. */
  function countHolds(fake: FakeGroup): () => number {
    let holds = 0;
    fake.platform.hold = () => {
      holds++;
      return toDisposable(() => void holds--);
    };
    return () => holds;
  }

  test('keeps the program running during the pause before it, and nobody else does', async () => {
    await using fake = new FakeGroup({ backoff: { firstMs: 1_000, maxMs: 1_000, calmMs: 60_000 } });
    const holds = countHolds(fake);
    await fake.begin();
    fake.launched(0).session.end({ kind: 'exited' });
    await settled(); // the first loss is followed at once
    await fake.launched(1).ready();
    fake.launched(1).session.end({ kind: 'exited' });
    await settled();
    expect(fake.clock.pending).toBe(1);
    expect(holds()).toBe(0);
    const waiting = fake.acquire();
    expect(holds()).toBe(1);
    fake.clock.advance(2_000);
    await settled();
    expect(await waiting).toBeUndefined(); // it is to be asked anew
    expect(holds()).toBe(0);
  });

  test('keeps the program running until it is there, is given up or cannot be had', async () => {
    await using fake = new FakeGroup({ replacesLost: false });
    const holds = countHolds(fake);
    const source = new AbortController();
    const [first, second] = [fake.acquire(source.signal), fake.acquire()];
    expect(holds()).toBe(2);
    source.abort();
    await expect(first).rejects.toMatchObject({ code: 'call.cancelled' });
    expect(holds()).toBe(1);
    await fake.launched(0).ready();
    const lease = (await second)!;
    expect(holds()).toBe(0);
    fake.launched(0).session.end({ kind: 'exited' });
    lease.release();
    const third = fake.acquire();
    await fake.launched(1).fail(new Error('no'));
    await expect(third).rejects.toThrow('no');
    expect(holds()).toBe(0);
  });
});

describe('a session that is starting', () => {
  test('goes on for others when whoever asked for it first gives up', async () => {
    await using fake = new FakeGroup();
    const source = new AbortController();
    const first = fake.acquire(source.signal);
    const second = fake.acquire();
    source.abort();
    await expect(first).rejects.toMatchObject({ code: 'call.cancelled' });
    await fake.launched(0).ready();
    expect((await second)!.session).toBe(fake.launched(0).session);
    expect(fake.causes).toEqual(['demand']);
  });
});

describe('sessions that only get lost', () => {
  const breaker = { maxLosses: 3, openMs: 30_000 };
  const backoff = { firstMs: 1_000, maxMs: 1_000, calmMs: 60_000 };

  async function loseAll(fake: FakeGroup) {
    const call = fake.slot();
    await fake.launched(0).fail(new Error('no'));
    await expect(call).rejects.toThrow('no');
    for (const nth of [1, 2]) {
      const again = fake.slot();
      fake.clock.advance(2_000);
      await settled();
      await fake.launched(nth).fail(new Error('no'));
      await expect(again).rejects.toThrow('no');
    }
  }

  async function loseTwo(fake: FakeGroup) {
    await fake.begin();
    fake.launched(0).session.end({ kind: 'exited' });
    await settled();
    await fake.launched(1).ready();
    fake.launched(1).session.end({ kind: 'exited' });
    await settled();
  }

  test('are not replaced before the pause is over, which the timeline tells of', async () => {
    await using fake = new FakeGroup({ backoff });
    await loseTwo(fake);
    const call = fake.slot();
    expect(fake.causes).toEqual(['demand', 'replacement']);
    fake.clock.advance(2_000);
    expect(fake.causes).toEqual(['demand', 'replacement', 'replacement']);
    expect(fake.details.at(-1)).toMatch(/^after \d+ ms$/u);
    await fake.launched(2).ready();
    (await call)[Symbol.dispose]();
  });

  test('are not started before that for whoever opens one either', async () => {
    await using fake = new FakeGroup({ backoff });
    await loseTwo(fake);
    const early = fake.acquire();
    await settled();
    expect(fake.causes).toEqual(['demand', 'replacement']);
    fake.clock.advance(2_000);
    expect(await early).toBeUndefined(); // it is to be asked anew
    const again = fake.acquire();
    await fake.launched(2).ready();
    (await again)!.release();
    expect(fake.causes).toEqual(['demand', 'replacement', 'replacement']);
  });

  test('are tried once when the time has come, and work again when that one does', async () => {
    await using fake = new FakeGroup({ breaker, backoff });
    await loseAll(fake);
    expect(fake.suspended).toEqual(['s2']);
    await expect(fake.slot()).rejects.toMatchObject({ code: 'session.unavailable' });
    fake.clock.advance(30_000);
    const call = fake.slot();
    expect(fake.details.at(-1)).toBe('one more try');
    await fake.launched(3).ready();
    const slot = await call;
    expect(fake.resumed).toEqual([]);
    slot.succeeded();
    slot[Symbol.dispose]();
    await settled();
    expect([fake.resumed, fake.group.isSuspended]).toEqual([['s3'], false]);
  });

  test('count as working again when one has lived for a while', async () => {
    await using fake = new FakeGroup({ breaker, backoff, provenMs: 10_000 });
    await loseAll(fake);
    fake.clock.advance(30_000);
    const leasing = fake.acquire();
    await fake.launched(3).ready();
    const lease = (await leasing)!;
    fake.clock.advance(9_999);
    await settled();
    expect(fake.resumed).toEqual([]);
    fake.clock.advance(1);
    await settled();
    expect(fake.resumed).toEqual(['s3']);
    lease.release();
  });

  test('leave those that run to callers who would have had one of their own', async () => {
    await using fake = new FakeGroup({
      breaker: { maxLosses: 1, openMs: 30_000 },
      replicas: { min: 1, max: 2 },
      replacesLost: false,
    });
    await fake.begin();
    const first = (await fake.acquire())!;
    const second = fake.acquire();
    await fake.launched(1).fail(new Error('no'));
    await expect(second).rejects.toThrow('no');
    const third = (await fake.acquire())!;
    expect(third.session).toBe(first.session);
    first.release();
    third.release();
  });
});

test('that a session cannot be confined is told each time, and is no crash', async () => {
  await using fake = new FakeGroup({ breaker: { maxLosses: 1, openMs: 60_000 } });
  for (const nth of [0, 1]) {
    const call = fake.slot();
    await fake.launched(nth).fail(new GreenroomError('session.unconfined', 'it could write'));
    await expect(call).rejects.toMatchObject({ code: 'session.unconfined' });
  }
  expect(fake.suspended).toEqual([]);
});

describe('the tools of a session', () => {
  test('are those of all who asked for it while it ran', async () => {
    await using fake = new FakeGroup({ tools: ['flake8'] });
    await fake.begin();
    fake.group.expect({ ...fake.request, tools: ['pylint', 'flake8'].map(toolNamed) });
    expect(fake.group.request.tools.map(({ name }) => name)).toEqual(['flake8', 'pylint']);
    const warm = fake.group.prewarm('prewarm');
    await warm;
    expect(fake.launched(0).session.opened).toEqual(['flake8', 'pylint']);
  });
});

describe('what was lost', () => {
  test('is not followed by another when all is closed in the same turn', async () => {
    await using fake = new FakeGroup();
    await fake.begin();
    fake.launched(0).session.end({ kind: 'exited' });
    await fake.group.closeAll({ kind: 'shutdown' });
    await settled();
    expect(fake.causes).toEqual(['demand']);
  });

  test('is no cause for alarm when all is closed before the next one is there', async () => {
    await using fake = new FakeGroup();
    await fake.begin();
    fake.launched(0).session.end({ kind: 'exited' });
    await settled();
    expect(fake.causes).toEqual(['demand', 'replacement']);
    await fake.group.closeAll({ kind: 'shutdown' });
    await settled();
    expect(fake.warnings).toEqual([]);
  });

  test('is told of when the next one cannot be had', async () => {
    await using fake = new FakeGroup();
    await fake.begin();
    fake.launched(0).session.end({ kind: 'exited' });
    await settled();
    await fake.launched(1).fail(new Error('no'));
    expect(fake.warnings).toEqual(['replacing a session failed error="no"']);
  });

  test('is replaced, not recycled, however worn it was', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxCalls: 1 } });
    await fake.begin();
    const slot = await fake.slot();
    fake.launched(0).session.end({ kind: 'exited' });
    slot[Symbol.dispose]();
    await settled();
    expect(fake.causes).toEqual(['demand', 'replacement']);
  });

  test('suspends nothing when it was begun before a person asked for another try', async () => {
    await using fake = new FakeGroup({ breaker: { maxLosses: 1, openMs: 1_000 } });
    const call = fake.slot();
    fake.group.forgive();
    await fake.launched(0).fail(new Error('no'));
    await expect(call).rejects.toThrow('no');
    expect(fake.suspended).toEqual([]);
  });
});

describe('a worn session', () => {
  test('is exchanged once for calls that were made, not again and again', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxResidentMb: 100 } });
    await fake.begin();
    (await fake.slot())[Symbol.dispose]();
    await fake.launched(1).ready();
    expect(fake.causes).toEqual(['demand', 'recycling']);
    (await fake.slot())[Symbol.dispose]();
    expect(fake.causes).toEqual(['demand', 'recycling', 'recycling']);
  });

  test.each<[string, (fake: FakeGroup) => Promise<void>]>([
    ['all is closed', ({ group }) => group.closeAll({ kind: 'shutdown' })],
    [
      'that one is closed',
      fake => fake.group.close(fake.launched(1).replica, { kind: 'requested' }),
    ],
  ])('is no cause for alarm when %s before its successor is there', async (_what, close) => {
    await using fake = new FakeGroup({ recycling: { ...never, maxCalls: 1 } });
    const slot = fake.slot();
    await fake.launched(0).ready();
    (await slot)[Symbol.dispose]();
    expect(fake.causes).toEqual(['demand', 'recycling']);
    await close(fake);
    await settled();
    expect(fake.warnings).toEqual([]);
  });

  test('is told of when its successor cannot be had, though it is closed itself', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxCalls: 1 } });
    await fake.begin();
    (await fake.slot())[Symbol.dispose]();
    await fake.group.close(fake.launched(0).replica, { kind: 'requested' });
    await fake.launched(1).fail(new Error('no'));
    expect(fake.warnings).toEqual(['recycling a session failed error="no"']);
  });

  test('is exchanged later when that could not be done at once', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxCalls: 1 } });
    await fake.begin();
    (await fake.slot())[Symbol.dispose]();
    await fake.launched(1).fail(new Error('no'));
    expect(fake.causes).toEqual(['demand', 'recycling']);
    expect(fake.warnings).toEqual(['recycling a session failed error="no"']);
    (await fake.slot())[Symbol.dispose]();
    await fake.launched(2).ready();
    expect(fake.reasons).toEqual(['recycled']);
  });

  test('is exchanged also when one of its tools cannot be opened', async () => {
    await using fake = new FakeGroup({
      tools: ['broken', 'flake8'],
      recycling: { ...never, maxCalls: 1 },
    });
    await fake.begin();
    (await fake.slot())[Symbol.dispose]();
    await fake.launched(1).ready();
    expect(fake.launched(1).session.opened).toEqual(['broken', 'flake8']);
    expect(fake.reasons).toEqual(['recycled']);
    expect(fake.causes).toEqual(['demand', 'recycling']);
  });

  test('is exchanged when it has grown old, and only when it is used', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxAgeMs: 10_000 } });
    await fake.begin();
    (await fake.slot())[Symbol.dispose]();
    fake.clock.advance(10_000);
    await settled();
    expect(fake.causes).toEqual(['demand']);
    (await fake.slot())[Symbol.dispose]();
    await settled();
    expect(fake.causes).toEqual(['demand', 'recycling']);
  });

  test('is not exchanged when it ends with its last caller anyway', async () => {
    await using fake = new FakeGroup({
      keepaliveMs: 0,
      recycling: { ...never, maxCalls: 1 },
    });
    const call = fake.slot();
    await fake.launched(0).ready();
    (await call)[Symbol.dispose]();
    fake.clock.advance(0);
    await settled();
    expect(fake.causes).toEqual(['demand']);
  });

  test('does not count as one that is there ahead of need', async () => {
    await using fake = new FakeGroup({ recycling: { ...never, maxCalls: 1 } });
    await fake.begin();
    const slot = await fake.slot();
    const holder = (await fake.acquire())!;
    (await fake.slot())[Symbol.dispose]();
    slot[Symbol.dispose]();
    holder.release();
    const other = (await fake.acquire())!;
    await fake.launched(1).ready();
    await fake.group.close(fake.launched(1).replica, { kind: 'requested' });
    const warm = fake.group.prewarm('prewarm');
    await fake.launched(2).ready();
    expect(await warm).toBe(fake.launched(2).session);
    other.release();
  });
});

test('a session that is restarted gets a successor also when others run beside it', async () => {
  await using fake = new FakeGroup({ replicas: { min: 1, max: 2 } });
  await fake.begin();
  const holder = (await fake.acquire())!;
  const second = fake.acquire();
  await fake.launched(1).ready();
  (await second)!.release();
  const restarted = fake.group.restart(fake.launched(1).replica, { kind: 'requested' });
  await fake.launched(2).ready();
  await restarted;
  expect(fake.causes).toEqual(['demand', 'demand', 'restart']);
  holder.release();
});

import { describe, expect, test } from 'vitest';
import { defaultPoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import { Ordeals } from '../support/ordeals.ts';
import { isAlive, TestPool } from '../support/sessions.ts';

const two = { replicas: { min: 1, max: 2 } };

describe('replicas under one share key', () => {
  test('are started when those that run have no place, and no more than allowed', async () => {
    await using ordeals = new Ordeals({ maxCallsAtOnce: 1 }, two);
    const [a, b] = await Promise.all([ordeals.hold('a'), ordeals.hold('b')]);
    expect(a.pid).not.toBe(b.pid);
    const waiting = ordeals.call('answer', 'c');
    ordeals.release('a');
    expect(await waiting).toBe('done c');
    expect(await ordeals.begun('c')).toBe(a.pid);
    ordeals.release('b');
    expect(await Promise.all([a.answer, b.answer])).toEqual(['done a', 'done b']);
    expect(ordeals.host.pids).toHaveLength(2);
    expect(await ordeals.host.seen('launching', ({ cause }) => cause === 'load')).toBeDefined();
  });

  test('are given the calls evenly', async () => {
    await using ordeals = new Ordeals({ maxCallsAtOnce: 8 }, { replicas: { min: 2, max: 2 } });
    await ordeals.host.pool.prewarm(ordeals.request);
    const held = await Promise.all(['a', 'b', 'c', 'd'].map(id => ordeals.hold(id)));
    const pids = held.map(({ pid }) => pid).sort();
    expect(pids[0]).toBe(pids[1]);
    expect(pids[1]).not.toBe(pids[2]);
    ordeals.release('a', 'b', 'c', 'd');
    await Promise.all(held.map(({ answer }) => answer));
  });

  test('are prewarmed together, as many as are wanted at least', async () => {
    await using ordeals = new Ordeals({}, { replicas: { min: 3, max: 4 } });
    await ordeals.host.pool.prewarm(ordeals.request);
    const kinds = ordeals.host.events.map(({ kind }) => kind);
    expect(kinds.filter(kind => kind === 'toolOpened')).toHaveLength(3);
    expect(kinds.lastIndexOf('launching')).toBeLessThan(kinds.indexOf('ready'));
  });

  test('belong to those who hold on to them, as long as there are enough', async () => {
    await using ordeals = new Ordeals({}, two);
    const { pool } = ordeals.host;
    using first = await pool.acquire(ordeals.request);
    using second = await pool.acquire(ordeals.request);
    using third = await pool.acquire(ordeals.request);
    expect(second.session.id).not.toBe(first.session.id);
    expect([first.session.id, second.session.id]).toContain(third.session.id);
  });
});

describe('calls that wait for a place', () => {
  test('are no more than so many', async () => {
    await using ordeals = new Ordeals({ maxCallsAtOnce: 1, maxQueuedCalls: 1 });
    const held = await ordeals.hold('a');
    const waiting = ordeals.call('answer', 'b');
    await expect(ordeals.call('answer', 'c')).rejects.toMatchObject({ code: 'queue.full' });
    ordeals.release('a');
    expect(await Promise.all([held.answer, waiting])).toEqual(['done a', 'done b']);
    expect(ordeals.timesBegun('c')).toBe(0);
  });

  test('are given up at their deadline, and the one that runs goes on', async () => {
    await using ordeals = new Ordeals({ maxCallsAtOnce: 1 });
    const held = await ordeals.hold('a');
    await expect(ordeals.call('answer', 'b', { deadlineMs: 20 })).rejects.toMatchObject({
      code: 'call.deadline',
      message: expect.stringContaining('was not made') as string,
    });
    ordeals.release('a');
    expect(await held.answer).toBe('done a');
    expect(ordeals.timesBegun('b')).toBe(0);
    expect(ordeals.host.pids).toHaveLength(1);
  });

  test('are answered by the successor when the session is killed meanwhile', async () => {
    await using ordeals = new Ordeals({ maxCallsAtOnce: 1 });
    const held = await ordeals.hold('a');
    const waiting = ['b', 'c', 'd'].map(id => ordeals.call('answer', id));
    process.kill(held.pid, 'SIGKILL');
    await expect(held.answer).rejects.toMatchObject({ code: 'session.lost' });
    expect(await Promise.all(waiting)).toEqual(['done b', 'done c', 'done d']);
    expect(ordeals.timesBegun('a')).toBe(1);
  });

  test('are told when sessions only get lost, all two hundred at once', async () => {
    await using ordeals = new Ordeals({
      maxCallsAtOnce: 1,
      breaker: { maxLosses: 3, openMs: 60_000 },
      backoff: { firstMs: 1, maxMs: 1, calmMs: 60_000 },
    });
    const calls = Array.from({ length: 200 }, (_, n) => ordeals.call('exit', `x${n}`));
    const outcomes = await Promise.allSettled(calls);
    const codes = outcomes.map(one =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : 'done',
    );
    expect(codes.filter(code => code === 'session.lost')).toHaveLength(3);
    expect(codes.filter(code => code === 'session.unavailable')).toHaveLength(197);
    expect(ordeals.host.survivors).toEqual([]);
  });

  test('leave a record each, also when they were never made', async () => {
    await using ordeals = new Ordeals({ maxCallsAtOnce: 1, maxQueuedCalls: 1 });
    const held = await ordeals.hold('a');
    const late = ordeals.call('answer', 'late', { deadlineMs: 20 });
    await expect(ordeals.call('answer', 'full')).rejects.toMatchObject({ code: 'queue.full' });
    await expect(late).rejects.toMatchObject({ code: 'call.deadline' });
    ordeals.release('a');
    await held.answer;
    const records = ordeals.host.events.flatMap(event =>
      event.kind === 'called' ? [event.call] : [],
    );
    expect(records.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['full', 'failed'],
      ['late', 'deadline'],
      ['a', 'ok'],
    ]);
    expect(records[1]!.queueMs).toBeGreaterThan(18); // timers ring up to a millisecond early
  });

  test('are made in a process of their own when somebody insists while sessions only get lost', async () => {
    await using ordeals = new Ordeals({
      breaker: { maxLosses: 1, openMs: 60_000 },
      replacesLost: false,
    });
    await expect(ordeals.call('exit', 'x')).rejects.toMatchObject({ code: 'session.lost' });
    await expect(ordeals.call('answer', 'a')).rejects.toMatchObject({
      code: 'session.unavailable',
    });
    expect(await ordeals.call('answer', 'b', { isInsisted: true })).toBe('done b');
    expect(await ordeals.host.seen('launching', ({ cause }) => cause === 'oneShot')).toBeDefined();
    const other = { ...ordeals.request, key: 'another' as never };
    expect(await ordeals.call('answer', 'c', {}, other)).toBe('done c');
  });

  test('are begun once when the tool itself fails, whatever may be repeated', async () => {
    await using ordeals = new Ordeals();
    const call = ordeals.call('fail', 'a', { isRepeatable: true });
    await expect(call).rejects.toThrow();
    expect(ordeals.timesBegun('a')).toBe(1);
  });
});

describe('a session that is worn', () => {
  test('is exchanged without a gap', async () => {
    await using ordeals = new Ordeals({
      recycling: { maxCalls: 2, maxAgeMs: 0, maxResidentMb: 0, memoryAfterCalls: 0 },
    });
    const { host } = ordeals;
    const held = await ordeals.hold('a');
    await ordeals.call('answer', 'b');
    await ordeals.call('answer', 'c');
    const { session: successor } = await host.seen(
      'launching',
      ({ cause }) => cause === 'recycling',
    );
    await host.seen('toolOpened', event => event.session === successor);
    expect(isAlive(held.pid)).toBe(true);
    await ordeals.call('answer', 'd');
    expect(await ordeals.begun('d')).not.toBe(held.pid);
    ordeals.release('a');
    expect(await held.answer).toBe('done a');
    expect(await host.seen('closed')).toMatchObject({
      reason: { kind: 'recycled', detail: 'it had answered 2 calls' },
    });
  });

  test('stays with those who hold on to it', async () => {
    await using ordeals = new Ordeals({
      recycling: { maxCalls: 1, maxAgeMs: 0, maxResidentMb: 0, memoryAfterCalls: 0 },
    });
    const lease = await ordeals.host.pool.acquire(ordeals.request);
    await ordeals.call('answer', 'a');
    expect(ordeals.host.pids).toHaveLength(1);
    lease.release();
    await ordeals.host.seen('closed', ({ reason }) => reason.kind === 'recycled');
    expect(ordeals.host.pids).toHaveLength(2);
  });

  test('by memory, which is looked at in its own process', async () => {
    await using ordeals = new Ordeals({
      usageCheckMs: { busy: 5, idle: 5 },
      recycling: { maxCalls: 0, maxAgeMs: 0, maxResidentMb: 10, memoryAfterCalls: 0 },
    });
    const held = await ordeals.hold('a');
    await ordeals.host.seen('ready');
    ordeals.release('a');
    await held.answer;
    expect(await ordeals.host.seen('closed')).toMatchObject({
      reason: {
        kind: 'recycled',
        detail: expect.stringMatching(/\d+ MB, more than 10 MB/u) as string,
      },
    });
  });
});

test('the memory of this process is no reason to exchange a session', async () => {
  const ownMb = process.memoryUsage.rss() / (1_024 * 1_024);
  await using ordeals = new Ordeals({
    usageCheckMs: { busy: 5, idle: 5 },
    recycling: { maxCalls: 0, maxAgeMs: 0, maxResidentMb: ownMb - 5, memoryAfterCalls: 0 },
  });
  const session = await ordeals.host.pool.prewarm(ordeals.request);
  await expect.poll(() => session.residentMb).toBeLessThan(ownMb - 5);
  await ordeals.call('answer', 'a');
  expect(ordeals.host.events.some(({ kind }) => kind === 'closed')).toBe(false);
  expect(ordeals.host.pids).toHaveLength(1);
});

describe('a spare', () => {
  test('takes the place of a session that is lost, and is followed by another', async () => {
    await using ordeals = new Ordeals({ maxSpares: 1 });
    const { host } = ordeals;
    await ordeals.call('answer', 'a');
    const { session: spare } = await host.seen('launching', ({ cause }) => cause === 'spare');
    await host.seen('ready', event => event.session === spare);
    process.kill(host.pids[0]!, 'SIGKILL');
    expect(await host.seen('adopted')).toMatchObject({ session: spare, cause: 'replacement' });
    expect(await ordeals.call('answer', 'b')).toBe('done b');
    expect(await ordeals.begun('b')).toBe(host.pids[1]);
    await host.seen('launching', event => event.cause === 'spare' && event.session !== spare);
  });

  test('is ended with the session whose program or packages have changed', async () => {
    await using ordeals = new Ordeals({ maxSpares: 1 });
    const { host } = ordeals;
    await ordeals.call('answer', 'a');
    const { session: spare } = await host.seen('launching', ({ cause }) => cause === 'spare');
    await host.seen('ready', event => event.session === spare);
    await host.pool.restart(host.pool.sessions[0]!.id, {
      kind: 'stale',
      detail: 'package-lock.json',
    });
    expect(await host.seen('closed', ({ session }) => session === spare)).toMatchObject({
      reason: { kind: 'stale' },
    });
  });

  test('is there for other options instead of the oldest, and expires when nobody comes', async () => {
    await using ordeals = new Ordeals({ maxSpares: 1 });
    const { host, request } = ordeals;
    const other = {
      ...request,
      key: 'other' as never,
      launch: { ...request.launch, keepaliveMs: 200 },
    };
    await ordeals.call('answer', 'a');
    const { session: first } = await host.seen('launching', ({ cause }) => cause === 'spare');
    await ordeals.call('answer', 'b', {}, other);
    expect(await host.seen('closed', ({ session }) => session === first)).toMatchObject({
      reason: { kind: 'displaced' },
    });
    const isSecond = (event: { cause?: string; session: string }) =>
      event.cause === 'spare' && event.session !== first;
    const { session: second } = await host.seen('launching', isSecond);
    expect(await host.seen('closed', ({ session }) => session === second)).toMatchObject({
      reason: { kind: 'idle' },
    });
  });

  test('that dies unused is none any more', async () => {
    await using ordeals = new Ordeals({ maxSpares: 1 });
    const { host } = ordeals;
    await ordeals.call('answer', 'a');
    const { session: spare } = await host.seen('launching', ({ cause }) => cause === 'spare');
    const { pid } = await host.seen('ready', event => event.session === spare);
    process.kill(pid, 'SIGKILL');
    await host.seen('closed', ({ session }) => session === spare);
    process.kill(host.pids[0]!, 'SIGKILL');
    await host.seen('launching', ({ cause }) => cause === 'replacement');
    expect(await ordeals.call('answer', 'b')).toBe('done b');
  });

  test('ends with the pool', async () => {
    const ordeals = new Ordeals({ maxSpares: 1 });
    await ordeals.call('answer', 'a');
    await ordeals.host.seen('launching', ({ cause }) => cause === 'spare');
    await ordeals[Symbol.asyncDispose]();
    expect(ordeals.host.survivors).toEqual([]);
  });
});

test('what a session has said before it was ended is heard: no call that had begun is made again', async () => {
  await using ordeals = new Ordeals({ graceMs: 20 });
  await ordeals.call('answer', 'warm');
  const source = new AbortController();
  const given = ordeals.call('hold', 'a', { signal: source.signal });
  await ordeals.begun('a');
  source.abort();
  const other = ordeals.call('answer', 'b');
  await new Promise(setImmediate); // both are on their way
  // Nothing is heard meanwhile, so the session seems not to have acknowledged.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await expect(given).rejects.toMatchObject({ code: 'call.cancelled' });
  await Promise.allSettled([other]);
  expect(ordeals.timesBegun('b')).toBe(1);
});

test('a call that may be repeated is made again when its session is lost, another is not', async () => {
  await using ordeals = new Ordeals({ replacesLost: true });
  const repeated = ordeals.call('hold', 'a', { isRepeatable: true });
  process.kill(await ordeals.begun('a'), 'SIGKILL');
  ordeals.release('a');
  expect(await repeated).toBe('done a');
  const held = await ordeals.hold('b');
  process.kill(held.pid, 'SIGKILL');
  await expect(held.answer).rejects.toMatchObject({ code: 'session.lost' });
  expect([ordeals.timesBegun('a'), ordeals.timesBegun('b')]).toEqual([2, 1]);
});

test.each([
  ['in the middle of a call', true],
  ['before it begins one', false],
])('a process that is stopped %s is noticed and replaced', async (_, isBusy) => {
  await using ordeals = new Ordeals({ health: { slowMs: 40, silenceMs: 40 }, endStepMs: 100 });
  await ordeals.call('answer', 'a');
  const held = isBusy ? await ordeals.hold('b') : undefined;
  const pid = ordeals.host.pids[0]!;
  process.kill(pid, 'SIGSTOP');
  const call = held?.answer ?? ordeals.call('answer', 'b');
  if (isBusy) await expect(call).rejects.toMatchObject({ code: 'session.lost' });
  else expect(await call).toBe('done b'); // it had not begun, so the successor did it
  expect(await ordeals.host.seen('closed')).toMatchObject({ reason: { kind: 'stuck' } });
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('a one-shot call has a process of its own, which ends with it', async () => {
  await using ordeals = new Ordeals({}, { isOneShot: true });
  expect(await Promise.all(['a', 'b'].map(id => ordeals.call('answer', id)))).toEqual([
    'done a',
    'done b',
  ]);
  expect(await ordeals.begun('a')).not.toBe(await ordeals.begun('b'));
  for (const { session } of ordeals.host.events.filter(({ kind }) => kind === 'ready')) {
    const { reason } = await ordeals.host.seen('closed', event => event.session === session);
    expect(reason.kind).toBe('idle');
  }
  expect(ordeals.host.pool.sessions).toEqual([]);
});

test('one-shot calls at the same time share no process, a spare one neither', async () => {
  await using ordeals = new Ordeals({ maxSpares: 1 });
  const { host, request } = ordeals;
  await ordeals.call('answer', 'a');
  const { session: spare } = await host.seen('launching', ({ cause }) => cause === 'spare');
  await host.seen('ready', event => event.session === spare);
  await Promise.all(
    ['b', 'c'].map(id => ordeals.call('answer', id, {}, { ...request, isOneShot: true })),
  );
  expect(await ordeals.begun('b')).not.toBe(await ordeals.begun('c'));
});

test('a deadline counts from the call, however long it waits for its turn', async () => {
  await using ordeals = new Ordeals({ maxCallsAtOnce: 1 });
  const held = await ordeals.hold('a');
  const askedAtMs = performance.now();
  const late = ordeals.call('hold', 'b', { deadlineMs: 600 });
  setTimeout(() => ordeals.release('a'), 400);
  await expect(late).rejects.toMatchObject({ code: 'call.deadline' });
  expect(performance.now() - askedAtMs).toBeLessThan(900);
  expect(await held.answer).toBe('done a');
  ordeals.release('b');
});

test('the deadline of one caller spares the others who wait for the same tool', async () => {
  await using ordeals = new Ordeals();
  using lease = await ordeals.host.pool.acquire(ordeals.request);
  const hasty = ordeals.call('answer', 'a', { deadlineMs: 1 });
  const patient = ordeals.call('answer', 'b');
  await expect(hasty).rejects.toMatchObject({ code: 'call.deadline' });
  expect(await patient).toBe('done b');
  expect(lease.session.state.kind).toBe('ready');
});

test('what is set holds for keys whose sessions are just ending, too', async () => {
  await using ordeals = new Ordeals();
  const { pool } = ordeals.host;
  await ordeals.call('answer', 'a');
  pool.setPolicy({ ...defaultPoolPolicy, maxCallsAtOnce: 1, maxQueuedCalls: 1 });
  const closing = pool.closeAll();
  const held = await ordeals.hold('b');
  const waiting = ordeals.call('answer', 'c');
  await expect(ordeals.call('answer', 'd')).rejects.toMatchObject({ code: 'queue.full' });
  ordeals.release('b');
  expect(await Promise.all([held.answer, waiting])).toEqual(['done b', 'done c']);
  await closing;
});

test('two windows on the same folder have sessions of their own, and neither minds the end of the other', async () => {
  await using one = new Ordeals();
  await using other = new TestPool();
  const held = await one.hold('a');
  await other.pool.prewarm(one.request);
  expect(other.pids).not.toContain(held.pid);
  await other.pool.shutDown();
  one.release('a');
  expect(await held.answer).toBe('done a');
  expect([one.host.survivors, other.survivors]).toEqual([[held.pid], []]);
});

test('a session of another version ends those of the version before', async () => {
  await using ordeals = new Ordeals();
  const version = (name: string) => ({
    ...ordeals.request,
    key: name as never,
    family: 'prettier',
  });
  await ordeals.call('answer', 'a', {}, version('3.6'));
  await ordeals.call('answer', 'b', {}, version('3.7'));
  expect(await ordeals.host.seen('closed')).toMatchObject({ reason: { kind: 'stale' } });
  expect(ordeals.host.pool.sessions.map(({ key }) => key)).toEqual(['3.7']);
});

test('a call that runs for long is told of while it runs', async () => {
  await using ordeals = new Ordeals({ health: { slowMs: 30, silenceMs: 10_000 } });
  const held = await ordeals.hold('a');
  const { detail } = await ordeals.host.seen('slow', slow => slow.detail.includes('format'));
  expect(detail).toMatch(/^prettier\.format, \d+ s$/u);
  ordeals.release('a');
  expect(await held.answer).toBe('done a');
});

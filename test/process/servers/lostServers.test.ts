import { expect, test } from 'vitest';
import { usageOf } from '../../../extension/sessions/processUsage.ts';
import {
  commandsHere,
  ServerClient,
  serverFixture,
  serverRequest,
} from '../../support/languageServers.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { isAlive, startedHere, TestPool } from '../../support/sessions.ts';

const often = { usageCheckMs: { busy: 20, idle: 20 }, replacesLost: false };

describeMechanisms('a server that is confined', mechanism => {
  test('ends at its memory limit', async () => {
    await using host = new TestPool(often);
    using client = await ServerClient.open(host, 'leaks', { mechanism, memoryLimitMb: 200 });
    await client.initialize();
    await client.notify('leak');
    const { reason } = await host.seen('closed');
    expect(reason).toMatchObject({
      kind: 'memory',
      detail: expect.stringContaining('its limit of 200 MB') as string,
    });
    await expect.poll(commandsHere).toEqual([]);
  });

  test('ends when it computes on and on while nobody waits for it', async () => {
    await using host = new TestPool({ ...often, idleProcessorMs: 300 });
    using client = await ServerClient.open(host, 'spins', { mechanism });
    await client.initialize();
    await client.notify('spin');
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'processor' } });
    await expect.poll(commandsHere).toEqual([]);
  });

  test('may compute while somebody waits for it', async () => {
    await using host = new TestPool({ ...often, idleProcessorMs: 300, drainMs: 0, endStepMs: 100 });
    using client = await ServerClient.open(host, 'spins', { mechanism });
    await client.initialize();
    void client.request('spin');
    const processorMs = async () => (await usageOf(host.pids[0]!))?.processorMs;
    await expect.poll(processorMs, { timeout: 10_000 }).toBeGreaterThan(900);
    expect(host.survivors).toHaveLength(1);
  });

  test('leaves nothing of what it has started, whoever ends it', async () => {
    for (const end of ['close', 'kill'] as const) {
      await using host = new TestPool(often);
      const options = { mechanism, needsChildren: true };
      using client = await ServerClient.open(host, 'leavesChildren', options);
      await client.initialize();
      await client.request('spawn');
      expect(startedHere().length).toBeGreaterThanOrEqual(3);
      if (end === 'close') await host.pool.close(client.session.id);
      else process.kill(host.pids[0]!, 'SIGKILL');
      await host.seen('closed');
      await expect.poll(commandsHere).toEqual([]);
    }
  });

  test('ends by a signal from elsewhere with a reason that names it', async () => {
    await using host = new TestPool(often);
    using client = await ServerClient.open(host, 'echoes', { mechanism });
    await client.initialize();
    process.kill(host.pids[0]!, 'SIGSEGV');
    expect(await host.seen('closed')).toMatchObject({
      reason: { kind: 'exited', detail: expect.stringContaining('SIGSEGV') as string },
    });
  });
});

test.each(['close', 'kill'] as const)(
  'a server that nothing confines leaves nothing of what it has started after a %s',
  async end => {
    await using host = new TestPool(often);
    using client = await ServerClient.open(host, 'leavesChildren');
    await client.initialize();
    const children = (await client.request('spawn')) as number[];
    expect(children.map(isAlive)).toEqual([true, true]);
    if (end === 'close') await host.pool.close(client.session.id);
    else process.kill(host.pids[0]!, 'SIGKILL');
    await host.seen('closed');
    await host.pool.shutDown();
    expect(commandsHere()).toEqual([]);
  },
);

test('a server whose heap is full ends with that as its reason', async () => {
  const seldom = { usageCheckMs: { busy: 60_000, idle: 60_000 }, replacesLost: false };
  await using host = new TestPool(seldom);
  using client = await ServerClient.open(host, 'fillsHeap', { memoryLimitMb: 50 });
  await client.initialize();
  const { reason } = await host.seen('closed');
  expect(reason).toEqual({ kind: 'memory', detail: 'its JavaScript heap was full' });
});

test('requests that wait when the server crashes are recorded as lost, with how it ended', async () => {
  await using host = new TestPool({ replacesLost: false });
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  const answers = [client.request('never'), client.request('crashes')];
  for (const answer of answers) await expect(answer).rejects.toThrow('has ended');
  expect(await host.seen('closed')).toMatchObject({
    reason: { kind: 'exited', detail: expect.stringContaining('exit code 9') as string },
  });
  const lost = host.events.flatMap(event => (event.kind === 'called' ? [event.call] : []));
  expect(lost.slice(-2)).toMatchObject(
    ['never', 'crashes'].map(method => ({
      method,
      outcome: 'lost',
      error: expect.stringContaining('exit code 9') as string,
    })),
  );
  expect(client.session.state.kind).toBe('closed');
});

test('what a server has answered before it ends is heard', async () => {
  await using host = new TestPool({ replacesLost: false });
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  const text = 'x'.repeat(1_000_000);
  const answer = client.request('echo', { text });
  const crash = client.request('crashes');
  await expect(answer).resolves.toEqual({ text });
  await expect(crash).rejects.toThrow('has ended');
});

test('a server that was lost is replaced, and whoever leases anew gets the other', async () => {
  await using host = new TestPool({ backoff: { firstMs: 1, maxMs: 1, calmMs: 60_000 } });
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  const { id } = client.session;
  process.kill(host.pids[0]!, 'SIGKILL');
  const launch = await host.seen('launching', event => event.session !== id);
  expect(launch.cause).toBe('replacement');
  await host.seen('ready', event => event.session === launch.session);
  using next = await ServerClient.open(host, 'echoes');
  expect(next.session.id).toBe(launch.session);
  await next.initialize();
  expect(host.survivors).toHaveLength(1);
});

test('a server that is asked for in the pause after a loss is not started when all ends meanwhile', async () => {
  const host = new TestPool({ backoff: { firstMs: 60_000, maxMs: 60_000, calmMs: 60_000 } });
  const request = serverRequest(serverFixture('echoes'));
  (await host.pool.acquireServer(request)).release();
  for (const nth of [0, 1]) {
    const { session, pid } = await host.seen('ready', event => event.pid === host.pids[nth]);
    process.kill(pid, 'SIGKILL');
    await host.seen('closed', event => event.session === session);
    // The first is replaced at once.
    if (nth === 0) await host.seen('ready', event => event.session !== session);
  }
  const starting = host.pool.acquireServer(request);
  const refused = expect(starting).rejects.toMatchObject({ code: 'pool.closed' });
  await host.pool.shutDown();
  await refused;
  expect(commandsHere()).toEqual([]);
});

test('a server that is only lost is suspended, and refused with what happened last', async () => {
  await using host = new TestPool({
    breaker: { maxLosses: 3, openMs: 60_000 },
    backoff: { firstMs: 1, maxMs: 1, calmMs: 60_000 },
  });
  const request = serverRequest(serverFixture('exitsAtOnce'));
  (await host.pool.acquireServer(request)).release();
  expect((await host.seen('suspended')).detail).toContain('no license for this machine');
  expect(host.pids).toHaveLength(3);
  await expect(host.pool.acquireServer(request)).rejects.toMatchObject({
    code: 'session.unavailable',
    message: expect.stringMatching(/3 times in a row.*exit code 3; Error: no license/u) as string,
  });
  await expect(
    host.pool.acquireServer(serverRequest(serverFixture('echoes'))),
  ).resolves.toBeDefined();
});

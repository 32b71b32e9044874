import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../server/node/nodePlatform.ts';
import { ServerClient } from '../../support/languageServers.ts';
import { ManualClock } from '../../support/manualPlatform.ts';
import { TestPool } from '../../support/sessions.ts';

const once = { replacesLost: false };

describe('initialize', () => {
  const openToolTimeoutMs = 5_000;

  test('is given up when it is not answered in time', async () => {
    const clock = new ManualClock();
    await using host = new TestPool({ ...once, openToolTimeoutMs }, { ...nodePlatform, clock });
    using client = await ServerClient.open(host, 'neverAnswers');
    const answer = client.request('initialize');
    await client.notify('hurry');
    clock.advance(openToolTimeoutMs - 1);
    expect(host.pool.sessions).toHaveLength(1);
    clock.advance(1);
    await expect(answer).rejects.toThrow('has ended');
    expect(await host.seen('closed')).toMatchObject({
      reason: { kind: 'stuck', detail: "it did not answer 'initialize' within 5000 ms" },
    });
    await expect.poll(() => host.survivors).toEqual([]);
  });

  test('may be answered late, and no time counts any more then', async () => {
    const clock = new ManualClock();
    await using host = new TestPool({ ...once, openToolTimeoutMs }, { ...nodePlatform, clock });
    using client = await ServerClient.open(host, 'answersLate');
    const answer = client.request('initialize');
    clock.advance(openToolTimeoutMs - 1);
    await client.notify('hurry');
    await expect(answer).resolves.toEqual({ capabilities: {} });
    expect((await host.seen('toolOpened')).tookMs).toBe(openToolTimeoutMs - 1);
    clock.advance(openToolTimeoutMs);
    await expect(client.request('late')).resolves.toBeNull();
  });
});

test('a server that refuses to be initialized says why, and does not count as opened', async () => {
  await using host = new TestPool({ ...once, endStepMs: 100 });
  using client = await ServerClient.open(host, 'refuses');
  await expect(client.initialize()).rejects.toThrow('there is no project here');
  const { call } = await host.seen('called');
  expect(call).toMatchObject({ method: 'initialize', outcome: 'failed' });
  expect(host.events.filter(({ kind }) => kind === 'toolOpened')).toEqual([]);
});

describe('a server of which a request waits', () => {
  const policy = { ...once, serverSilenceMs: 1_000 };

  test('is stuck when it says nothing for long', async () => {
    const clock = new ManualClock();
    await using host = new TestPool(policy, { ...nodePlatform, clock });
    using client = await ServerClient.open(host, 'echoes');
    await client.initialize();
    const answer = client.request('never');
    await host.logged(/never answers/u);
    clock.advance(2_000);
    await expect(answer).rejects.toThrow('has ended');
    expect(await host.seen('closed')).toMatchObject({
      reason: { kind: 'stuck', detail: 'it answered nothing for 1000 ms' },
    });
  });

  test('is not stuck as long as it says something', async () => {
    const clock = new ManualClock();
    await using host = new TestPool(policy, { ...nodePlatform, clock });
    using client = await ServerClient.open(host, 'echoes');
    await client.initialize();
    void client.request('never');
    for (let nth = 1; nth <= 6; nth++) {
      await client.notify('says');
      await expect.poll(() => client.heard.length, { interval: 5 }).toBe(nth);
      clock.advance(500);
    }
    expect(await client.request('echo', 'alive')).toBe('alive');
  });

  test('is not stuck while it waits for an answer itself', async () => {
    const clock = new ManualClock();
    await using host = new TestPool(policy, { ...nodePlatform, clock });
    using client = await ServerClient.open(host, 'asksPeople');
    await client.initialize();
    client.answersLater('window/showMessageRequest');
    const answer = client.request('workspace/executeCommand');
    const question = await client.hears('window/showMessageRequest');
    clock.advance(60_000);
    await client.session.send({ jsonrpc: '2.0', id: question.id!, result: 'yes' });
    expect(await answer).toBe('yes');
  });

  test('may be as silent as it likes when none waits', async () => {
    const clock = new ManualClock();
    await using host = new TestPool(policy, { ...nodePlatform, clock });
    using client = await ServerClient.open(host, 'echoes');
    await client.initialize();
    clock.advance(60_000);
    expect(await client.request('echo', 'alive')).toBe('alive');
  });
});

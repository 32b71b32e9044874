import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../server/node/nodePlatform.ts';
import { tierOf } from '../../../server/shared/protocol/confinement.ts';
import {
  commandsHere,
  environmentOf,
  ServerClient,
  serverFixture,
  serverRequest,
} from '../../support/languageServers.ts';
import { ManualClock } from '../../support/manualPlatform.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { repository, TestPool } from '../../support/sessions.ts';

describeMechanisms('a server that is confined', mechanism => {
  test('is ready with what was measured before it became the server', async () => {
    await using host = new TestPool();
    using client = await ServerClient.open(host, 'echoes', { mechanism });
    await client.initialize();
    const { confinement, runtime } = await host.seen('ready');
    expect(confinement).toMatchObject({ mechanism, succeeded: [], granted: [] });
    expect(tierOf(confinement)).toBe('confined');
    expect(runtime).toBe(`node ${process.versions.node}`);
    expect(client.session.confinement).toEqual(confinement);
  });

  test('is the process that was measured, and no second one stays beside it', async () => {
    await using host = new TestPool();
    using client = await ServerClient.open(host, 'echoes', { mechanism });
    await client.initialize();
    const commands = commandsHere();
    const programs = commands.filter(command => !/^(?:\S*\/)?(?:bwrap|perl) /u.test(command));
    expect(programs).toEqual([expect.stringMatching(/echoes\.mjs$/u)]);
    const [pid] = host.pids;
    expect(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('echoes.mjs');
  });

  test('has an environment without the questions of the measuring', async () => {
    await using host = new TestPool();
    using client = await ServerClient.open(host, 'echoes', { mechanism });
    await client.initialize();
    const environment = environmentOf(host.pids[0]!);
    expect(environment).toMatchObject({ ELECTRON_RUN_AS_NODE: '1' });
    expect(environment).not.toHaveProperty('GREENROOM_PROBE');
  });
});

test('a server that nothing confines is the process that said hello, and counts as unconfined', async () => {
  await using host = new TestPool();
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  const { pid, confinement } = await host.seen('ready');
  expect(await client.request('pid')).toBe(pid);
  expect(tierOf(confinement)).toBe('unconfined');
  // Only Linux tells.
  if (process.platform === 'linux') expect(commandsHere()).toHaveLength(1);
});

test('a server is announced with the name of its settings and the version that it says', async () => {
  await using host = new TestPool();
  using client = await ServerClient.open(host, serverFixture('echoes', { origin: 'machine' }));
  const result = await client.initialize();
  expect(result).toMatchObject({ serverInfo: { name: 'fixture' } });
  const { tool, tookMs } = await host.seen('toolOpened');
  expect(tool).toEqual({ name: 'echoes', version: '1.2.3', origin: 'machine' });
  expect(tookMs).toBeGreaterThan(0);
});

test('every message between editor and server is measured and announced', async () => {
  await using host = new TestPool();
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  const params = { textDocument: { uri: `file://${repository}/src/a.ts` }, text: 'ü' };
  expect(await client.request('textDocument/hover', params)).toEqual(params);
  await client.notify('asks', { items: [{}, {}] });
  expect((await client.hears('answered')).params).toEqual([null, null]);
  const bytes = Buffer.byteLength(JSON.stringify(params));
  const { call } = await host.seen('called', event => event.call.method === 'textDocument/hover');
  expect(call).toMatchObject({ tool: 'echoes', subject: 'src/a.ts', outcome: 'ok' });
  expect(call.requestBytes).toBeGreaterThan(bytes);
  expect(call.replyBytes).toBeGreaterThan(bytes);
  expect(call.runMs).toBeGreaterThan(0);
  const question = (event: { call: { method: string } }) =>
    event.call.method === 'workspace/configuration';
  expect((await host.seen('called', question)).call).toMatchObject({
    from: 'server',
    outcome: 'ok',
  });
});

test('large messages come whole in both directions', async () => {
  await using host = new TestPool();
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  const text = 'ü€😀'.repeat(300_000);
  expect((await client.request('echo', { text })) as object).toEqual({ text });
});

describe('a server that is closed', () => {
  test('is asked as its client says first, and then ends by itself', async () => {
    await using host = new TestPool({ endStepMs: 10_000 });
    using client = await ServerClient.open(host, 'echoes');
    await client.initialize();
    await host.pool.close(client.session.id);
    const end = host.events.slice(host.events.findIndex(({ kind }) => kind === 'draining'));
    const steps = end.map(event => (event.kind === 'called' ? event.call.method : event.kind));
    expect(steps).toEqual(['draining', 'shutdown', 'exit', 'closed']);
    expect(end.at(-1)).toMatchObject({ reason: { kind: 'requested' } });
    expect(commandsHere()).toEqual([]);
  });

  test('may answer what it was asked before', async () => {
    await using host = new TestPool();
    using client = await ServerClient.open(host, 'echoes');
    await client.initialize();
    const answer = client.request('echo', { text: 'x'.repeat(1_000_000) });
    await host.pool.close(client.session.id);
    await expect(answer).resolves.toMatchObject({ text: expect.any(String) as string });
  });

  test('refuses what it is sent afterwards', async () => {
    await using host = new TestPool();
    using client = await ServerClient.open(host, 'echoes');
    await client.initialize();
    await host.pool.close(client.session.id);
    await expect(client.request('echo')).rejects.toMatchObject({ code: 'session.closed' });
  });

  test('ends with its input when no client has said how', async () => {
    await using host = new TestPool({ endStepMs: 10_000 });
    const lease = await host.pool.acquireServer(serverRequest(serverFixture('echoes')));
    await host.pool.close(lease.session.id);
    expect(commandsHere()).toEqual([]);
  });
});

test('two leases share one server, and other options under its key conflict by their arguments', async () => {
  await using host = new TestPool();
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  using second = await host.pool.acquireServer(serverRequest(serverFixture('echoes')));
  expect(second.session).toBe(client.session);
  const other = serverRequest(serverFixture('echoes', { args: ['other.mjs', '--stdio'] }));
  await expect(host.pool.acquireServer(other)).rejects.toMatchObject({
    code: 'session.conflict',
    message: expect.stringMatching(/echoes\.mjs.*asked for .*"other\.mjs","--stdio"/u) as string,
  });
});

test('a server lives as long as it is leased, and its keepalive longer', async () => {
  const clock = new ManualClock();
  await using host = new TestPool({}, { ...nodePlatform, clock });
  const client = await ServerClient.open(host, 'echoes', { keepaliveMs: 1_000 });
  await client.initialize();
  clock.advance(100_000);
  expect(await client.request('echo', 'still there')).toBe('still there');
  client.lease.release();
  clock.advance(999);
  expect(host.survivors).toHaveLength(1);
  clock.advance(1);
  expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'idle' } });
  expect(commandsHere()).toEqual([]);
});

test('no spare is kept for a server that has proven itself', async () => {
  const clock = new ManualClock();
  await using host = new TestPool({ maxSpares: 3, provenMs: 10 }, { ...nodePlatform, clock });
  using client = await ServerClient.open(host, 'echoes');
  await client.initialize();
  clock.advance(10);
  expect(host.events.filter(({ kind }) => kind === 'launching')).toHaveLength(1);
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../server/node/nodePlatform.ts';
import { ManualClock } from '../support/manualPlatform.ts';
import { workshopFile, type Workshop } from '../support/modules.ts';
import { PrettierSession } from '../support/prettierSessions.ts';
import { Project } from '../support/project.ts';
import { failureOf, type Remote } from '../support/remote.ts';
import { isAlive, prettierSpec, sessionRequest, TestPool } from '../support/sessions.ts';

interface WorkerRoot {
  load(file: string): Workshop;
}

const loops = path.resolve(import.meta.dirname, '../fixtures/plugins/loops.mjs');

/** Ends a process, of which this one hears nothing before the end of the turn. */
function killUnheard(pid: number): void {
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid) || fs.readdirSync(`/proc/${pid}/task`).length > 1); // each thread holds the pipe open
}

test('callers with the same share key share one process, until the last lease is released', async () => {
  await using host = new TestPool();
  const request = sessionRequest({ keepaliveMs: 0 });
  const [first, second] = await Promise.all([
    host.pool.acquire(request),
    host.pool.acquire(request),
  ]);
  expect(second.session.id).toBe(first.session.id);
  first.release();
  first.release(); // the same as once
  expect(host.events.some(({ kind }) => kind === 'draining')).toBe(false);
  second.release();
  expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'idle' } });
  expect(host.survivors).toEqual([]);
});

test('what is being ended does not delay the end of all', async () => {
  const clock = new ManualClock(); // on which what runs would be let finish for ever
  await using host = new TestPool({}, { ...nodePlatform, clock });
  const lease = await host.pool.acquire(sessionRequest({ keepaliveMs: 0 }));
  const { load } = lease.session.connection.root as Remote<WorkerRoot>;
  const call = failureOf(load(workshopFile).never());
  await load(workshopFile).pid();
  lease.release();
  await host.seen('draining');
  await host.pool.shutDown();
  expect(await call).toMatchObject({ code: 'session.closed' });
  expect(host.survivors).toEqual([]);
});

test('the same share key with other launch options is a conflict that names both', async () => {
  await using host = new TestPool();
  using _lease = await host.pool.acquire(sessionRequest({ memoryLimitMb: 512 }));
  await expect(host.pool.acquire(sessionRequest({ memoryLimitMb: 256 }))).rejects.toMatchObject({
    code: 'session.conflict',
    message: expect.stringContaining('memoryLimitMb is 512, asked for 256') as string,
  });
});

test('different share keys get processes of their own', async () => {
  await using host = new TestPool();
  using first = await host.pool.acquire(sessionRequest({ key: 'a' }));
  using second = await host.pool.acquire(sessionRequest({ key: 'b' }));
  expect(new Set(host.pids).size).toBe(2);
  expect(second.session.id).not.toBe(first.session.id);
});

test('leasing again cancels the pending end of an idle session', async () => {
  const clock = new ManualClock();
  await using host = new TestPool({}, { ...nodePlatform, clock });
  const request = sessionRequest({ keepaliveMs: 1_000 });
  (await host.pool.acquire(request)).release();
  clock.advance(999);
  const lease = await host.pool.acquire(request);
  clock.advance(10_000);
  expect(host.events.some(({ kind }) => kind === 'draining')).toBe(false);
  lease.release();
  clock.advance(1_000);
  expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'idle' } });
});

test('a prewarmed session has its tools loaded, and expires when nobody uses it', async () => {
  await using host = new TestPool();
  using project = new Project();
  await host.pool.prewarm(sessionRequest({ keepaliveMs: 10, tools: [prettierSpec(project.root)] }));
  expect(await host.seen('toolOpened')).toMatchObject({ tool: { name: 'prettier' } });
  expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'idle' } });
});

test('a restart opens the same tools in a new process', async () => {
  await using host = new TestPool();
  using project = new Project();
  const session = await host.pool.prewarm(sessionRequest({ tools: [prettierSpec(project.root)] }));
  await host.pool.restart(session.id);
  await host.seen('closed', event => event.session === session.id);
  expect(host.events.filter(({ kind }) => kind === 'toolOpened')).toHaveLength(2);
  expect(host.survivors).toHaveLength(1);
});

test('a session that is closed lets the call in flight finish', async () => {
  await using host = new TestPool();
  using project = new Project();
  const tool = prettierSpec(project.root);
  const lease = await host.pool.acquire(sessionRequest());
  const call = lease.call({
    tool,
    method: 'format',
    args: [{ text: 'a  =  1', path: project.path('a.js'), languageId: 'javascript' }],
  });
  await Promise.all([host.pool.close(lease.session.id), expect(call).resolves.toBeDefined()]);
  expect(host.survivors).toEqual([]);
});

describe('a call that had not started when its session was lost', () => {
  const create = async () => {
    const host = new TestPool();
    const project = new Project();
    const tool = prettierSpec(project.root);
    const request = sessionRequest({ tools: [tool] });
    await host.pool.prewarm(request);
    const file = { text: 'a  =  1', path: project.path('a.js'), languageId: 'javascript' };
    const call = { tool, method: 'format', args: [file] };
    const end = async () => {
      await host[Symbol.asyncDispose]();
      project[Symbol.dispose]();
    };
    return { host, request, call, [Symbol.asyncDispose]: end };
  };

  test('is made on the successor', async () => {
    await using setting = await create();
    const { host, request, call } = setting;
    process.kill(host.pids[0]!, 'SIGKILL');
    expect(await host.pool.call(request, call)).toMatchObject({ kind: 'formatted' });
  });

  const told = 'is told as such where the process was dead already, of which nobody had heard';
  test.runIf(process.platform === 'linux')(told, async () => {
    await using setting = await create();
    const { host, request, call } = setting;
    using lease = await host.pool.acquire(request);
    killUnheard(host.pids[0]!);
    const failure = failureOf(lease.session.call(call));
    expect(await failure).toMatchObject({ code: 'call.notStarted' });
  });

  const logged = 'is in the log where nobody looks at it, once';
  test.runIf(process.platform === 'linux')(logged, async () => {
    await using host = new TestPool();
    const lease = await host.pool.acquire(sessionRequest());
    const { load } = lease.session.connection.root as Remote<WorkerRoot>;
    await load(workshopFile).pid();
    killUnheard(host.pids[0]!);
    const call = load(workshopFile).pid();
    await host.logged(/a call failed that nobody waited for/u);
    await failureOf(call); // it can be reached until here
    await host.pool.shutDown();
    expect(host.logLines.filter(line => line.includes('nobody waited'))).toHaveLength(1);
  });
});

test('a call that had started when its session was closed is not made again', async () => {
  await using host = new TestPool({ drainMs: 50, endStepMs: 50 });
  using project = new Project({ '.prettierrc.json': JSON.stringify({ plugins: [loops] }) });
  const call = new PrettierSession(host, project).reportText('x', 'a.loop');
  const refused = expect(call).rejects.toMatchObject({ code: 'session.closed' });
  await host.logged(/looping/u);
  await host.pool.close(host.pool.sessions[0]!.id);
  await refused;
  expect(host.pids).toHaveLength(1);
});

test('a caller who waits for a session that is restarted meanwhile gets the new one', async () => {
  await using host = new TestPool();
  const waiting = host.pool.acquire(sessionRequest());
  const { id } = host.pool.sessions[0]!;
  await host.pool.restart(id);
  using lease = await waiting;
  expect(lease.session.id).not.toBe(id);
  expect(host.survivors).toHaveLength(1);
});

test('a session that was killed is replaced, and its calls fail with what is known', async () => {
  await using host = new TestPool();
  using project = new Project({ '.prettierrc.json': JSON.stringify({ plugins: [loops] }) });
  const session = new PrettierSession(host, project);
  await session.prewarm();
  const call = session.reportText('x', 'a.loop');
  await host.logged(/looping/u);
  process.kill(host.pids[0]!, 'SIGKILL');
  await expect(call).rejects.toMatchObject({
    code: 'session.lost',
    message: expect.stringContaining('SIGKILL') as string,
  });
  const { call: record } = await host.seen('called');
  expect(record).toMatchObject({ outcome: 'lost' });
  expect(record.runMs).toBeGreaterThan(0);
  await host.seen('toolOpened', event => event.session !== record.session);
  expect(host.survivors).toHaveLength(1);
});

test('sessions that are lost one after the other are suspended, and tried again when asked', async () => {
  await using host = new TestPool({
    breaker: { maxLosses: 3, openMs: 60_000 },
    backoff: { firstMs: 1, maxMs: 1, calmMs: 60_000 },
  });
  const request = sessionRequest();
  await host.pool.prewarm(request);
  for (const nth of [0, 1, 2]) {
    const { session, pid } = await host.seen('ready', event => event.pid === host.pids[nth]);
    process.kill(pid, 'SIGKILL');
    await host.seen('closed', event => event.session === session);
    if (nth < 2) await host.seen('ready', event => event.session !== session && isAlive(event.pid));
  }
  expect((await host.seen('suspended')).detail).toContain('SIGKILL');
  expect(host.pool.sessions).toEqual([]);
  await expect(host.pool.acquire(request)).rejects.toMatchObject({
    code: 'session.unavailable',
    message: expect.stringMatching(/3 times in a row.*SIGKILL.*next try is in \d+ s/u) as string,
  });
  await host.pool.resume(request);
  expect(host.survivors).toHaveLength(1);
});

test('after the shutdown no process is left and nothing can be leased', async () => {
  const host = new TestPool();
  await Promise.all(['a', 'b', 'c'].map(key => host.pool.prewarm(sessionRequest({ key }))));
  await host.pool.shutDown();
  expect(host.survivors).toEqual([]);
  await expect(host.pool.acquire(sessionRequest())).rejects.toMatchObject({ code: 'pool.closed' });
});

test('a shutdown while a session starts leaves no process behind', async () => {
  const host = new TestPool();
  const starting = host.pool.prewarm(sessionRequest());
  await host.pool.shutDown();
  await expect(starting).rejects.toMatchObject({ code: 'session.launch' });
  expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'shutdown' } });
});

interface Root {
  live: { (): Promise<object>; with(options: { deadlineMs: number }): () => Promise<object> };
}

test('calls of a caller of its own leave a record each', async () => {
  await using host = new TestPool({ timedCallsPerS: 100 });
  using lease = await host.pool.acquire(sessionRequest());
  const { live } = lease.session.connection.root as Root;
  await live();
  await live.with({ deadlineMs: 10_000 })();
  const calls = host.events.flatMap(event => (event.kind === 'called' ? [event.call] : []));
  const record = { tool: 'module', method: 'live', outcome: 'ok' };
  expect(calls).toMatchObject([record, record]);
  for (const { runMs, replyMs, requestBytes, replyBytes } of calls) {
    expect(Math.min(runMs, replyMs, requestBytes, replyBytes)).toBeGreaterThan(0);
  }
});

test('where nobody reads the records only calls that can be given up leave one', async () => {
  await using host = new TestPool();
  using lease = await host.pool.acquire(sessionRequest());
  const { live } = lease.session.connection.root as Root;
  await live();
  await live.with({ deadlineMs: 10_000 })();
  expect(host.events.filter(({ kind }) => kind === 'called')).toHaveLength(1);
});

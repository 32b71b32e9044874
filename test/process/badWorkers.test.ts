import { expect, test } from 'vitest';
import { Project } from '../support/project.ts';
import { badWorker, isAlive, prettierSpec, sessionRequest, TestPool } from '../support/sessions.ts';

const unstartable = [
  ['exitsBeforeHello', /exit code 7; Error: no reason to stay/u],
  ['neverSaysHello', /no hello within 300 ms/u],
  ['sendsHalfAFrame', /ended before it was ready|bytes into a frame/u],
  ['speaksAnotherVersion', /speaks version 999/u],
  ['announcesAHugeFrame', /4294967295 bytes was announced/u],
] as const;

test.each(unstartable)(
  'starting %s fails with its reason and leaves no process',
  async (name, reason) => {
    await using host = new TestPool({ startTimeoutMs: 300 });
    const request = sessionRequest({ workerPath: badWorker(name) });
    const failure = await host.pool.acquire(request).then(String, (error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'session.launch',
      message: expect.stringMatching(reason) as string,
    });
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'launchFailed' } });
    expect(host.pool.sessions).toEqual([]);
  },
);

test.each([
  [
    'a worker bundle',
    { workerPath: '/nowhere/worker.cjs' },
    /worker \/nowhere\/worker\.cjs is missing; reinstalling Greenroom brings it back, or `npm run build` where the option `workerPath` names it/u,
  ],
  [
    'a Python worker',
    { runtime: 'python' as const, workerPath: '/nowhere/main.py' },
    /worker \/nowhere\/main\.py is missing.+option `pythonWorkerPath` names it/u,
  ],
  ['a Node program', { executable: '/nowhere/node' }, /\/nowhere\/node/u],
  [
    'a working folder',
    { cwd: '/nowhere' },
    /folder \/nowhere, in which it is to run, is not there/u,
  ],
])('%s that is missing is a clear error', async (_what, options, reason) => {
  await using host = new TestPool();
  await expect(host.pool.acquire(sessionRequest(options))).rejects.toMatchObject({
    code: 'session.launch',
    message: expect.stringMatching(reason) as string,
  });
});

test('a worker that answers what nobody asked ends its own session, which nobody gets any more', async () => {
  await using host = new TestPool({ replacesLost: false });
  const request = sessionRequest({ workerPath: badWorker('sendsNonsenseAfterHello') });
  (await host.pool.acquire(request)).release();
  expect(await host.seen('closed')).toMatchObject({
    reason: { kind: 'protocol', detail: expect.stringContaining('call 4711') as string },
  });
  expect(host.pool.sessions).toEqual([]);
});

test('a frame on the second channel that is too long ends the session, and its calls with the reason', async () => {
  await using host = new TestPool({ replacesLost: false });
  using project = new Project();
  using lease = await host.pool.acquire(
    sessionRequest({ workerPath: badWorker('announcesAHugeSyncFrame') }),
  );
  const call = lease.call({ tool: prettierSpec(project.root), method: 'format', args: [{}] });
  await expect(call).rejects.toThrow('4294967295 bytes was announced');
  expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'protocol' } });
});

test('a worker that ignores requests to end is killed', async () => {
  const host = new TestPool({ endStepMs: 100 });
  await host.pool.prewarm(sessionRequest({ workerPath: badWorker('ignoresTerm') }));
  await host.pool.shutDown();
  expect(host.survivors).toEqual([]);
});

test('what a worker has started ends with it', async () => {
  const host = new TestPool({ endStepMs: 200 });
  await host.pool.prewarm(sessionRequest({ workerPath: badWorker('forksAGrandchild') }));
  const line = () => host.logLines.find(text => text.includes('grandchild'));
  await expect.poll(line).toBeDefined();
  const grandchild = Number(/grandchild (\d+)/u.exec(line()!)![1]);
  await host.pool.shutDown();
  await expect.poll(() => isAlive(grandchild)).toBe(false);
});

test.skipIf(process.platform !== 'linux')(
  'a daemon that left its session and its group ends with the session all the same',
  async () => {
    const host = new TestPool({ replacesLost: false });
    const request = sessionRequest({ workerPath: badWorker('startsADaemon') });
    await host.pool.prewarm(request);
    const [, daemon] = await host.logged(/daemon (\d+)/u);
    expect(isAlive(Number(daemon))).toBe(true);
    await host.pool.shutDown();
    expect(isAlive(Number(daemon))).toBe(false);
  },
);

test.skipIf(process.platform !== 'linux')(
  'a daemon of a session that is killed is gone when the pool has ended',
  async () => {
    const host = new TestPool({ replacesLost: false });
    await host.pool.prewarm(sessionRequest({ workerPath: badWorker('startsADaemon') }));
    const [, daemon] = await host.logged(/daemon (\d+)/u);
    process.kill(host.pids[0]!, 'SIGKILL');
    await host.seen('closed');
    await host.pool.shutDown();
    expect(isAlive(Number(daemon))).toBe(false);
  },
);

test('a process that dies in the middle of a frame fails its calls with the exit code', async () => {
  await using host = new TestPool({ replacesLost: false });
  using project = new Project();
  using lease = await host.pool.acquire(
    sessionRequest({ workerPath: badWorker('diesInTheMiddleOfAFrame') }),
  );
  const call = lease.call({ tool: prettierSpec(project.root), method: 'format', args: [{}] });
  await expect(call).rejects.toMatchObject({
    code: 'call.notStarted',
    message: expect.stringContaining('exit code 3') as string,
  });
});

test('a flood of output neither blocks the worker nor fills the memory', async () => {
  await using host = new TestPool();
  await host.pool.prewarm(sessionRequest({ workerPath: badWorker('floodsOutput') }));
  await expect.poll(() => host.logLines.some(line => line.includes('end of the flood'))).toBe(true);
  expect(Math.max(...host.logLines.map(line => line.length))).toBeLessThan(2_100);
});

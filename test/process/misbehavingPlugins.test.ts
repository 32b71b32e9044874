import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Project } from '../support/project.ts';
import { PrettierSession } from '../support/prettierSessions.ts';
import { TestPool } from '../support/sessions.ts';

const plugins = path.resolve(import.meta.dirname, '../fixtures/plugins');

describe.each([3] as const)('a plugin of Prettier %i', major => {
  let project: Project;

  beforeEach(() => {
    project = new Project({
      '.prettierrc.json': JSON.stringify({
        plugins: [path.join(plugins, 'loops.mjs'), path.join(plugins, 'misbehaves.mjs')],
      }),
    });
    return () => project[Symbol.dispose]();
  });

  const open = (host: TestPool, options: { memoryLimitMb?: number } = {}) =>
    new PrettierSession(host, project, major, options);

  const formatsAgain = (session: PrettierSession) =>
    expect(session.reportText('a  =  1', 'next.js')).resolves.toMatchObject({ kind: 'formatted' });

  test('that loops for ever is stopped at the deadline, and the next format works', async () => {
    await using host = new TestPool({ graceMs: 100 });
    const session = open(host);
    await session.prewarm();
    await expect(session.reportText('x', 'a.loop', { deadlineMs: 300 })).rejects.toMatchObject({
      code: 'call.deadline',
    });
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'stuck' } });
    await formatsAgain(session);
    expect(host.survivors).toHaveLength(1);
  });

  test('that loops while a document is warmed blocks its session no longer than the deadline', async () => {
    await using host = new TestPool({ graceMs: 100 });
    const session = open(host);
    await session.prewarm();
    project.write('a.loop', 'x');
    await expect(session.warm('a.loop', 300)).rejects.toMatchObject({ code: 'call.deadline' });
    await formatsAgain(session);
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'stuck' } });
  });

  test('that never answers, without blocking, is replaced, and others finish on the old session', async () => {
    await using host = new TestPool({ graceMs: 100 });
    const session = open(host);
    await session.prewarm();
    await expect(session.reportText('never', 'a.deed', { deadlineMs: 300 })).rejects.toMatchObject({
      code: 'call.deadline',
    });
    await formatsAgain(session);
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'stuck' } });
    await formatsAgain(session);
  });

  test.each(['wander', 'wanderAway'])(
    'that works in another folder is brought back: %s',
    async deed => {
      await using host = new TestPool();
      const session = open(host);
      project.write('a.deed', deed);
      expect(await session.format('a.deed')).toBe(`${project.root}\n`);
      expect(await session.format('a.deed')).toBe(`${project.root}\n`);
      expect(host.pids).toHaveLength(1);
    },
  );

  test('that grows while nobody calls it is ended at the memory limit', async () => {
    await using host = new TestPool({ usageCheckMs: { busy: 50, idle: 50 }, replacesLost: false });
    const session = open(host, { memoryLimitMb: 256 });
    await session.reportText('growLater', 'a.deed');
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'memory' } });
  });

  test('that ignores a cancellation is given the grace period, and the call fails as cancelled', async () => {
    await using host = new TestPool({ graceMs: 100 });
    const session = open(host);
    await session.prewarm();
    const controller = new AbortController();
    const call = session.reportText('x', 'a.loop', { signal: controller.signal });
    await host.logged(/looping/u);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'call.cancelled' });
    await formatsAgain(session);
  });

  test('that exits takes its session down, and the next format works', async () => {
    await using host = new TestPool();
    const session = open(host);
    await expect(session.reportText('exit', 'a.deed')).rejects.toMatchObject({
      code: 'session.lost',
      message: expect.stringContaining('exit code 5') as string,
    });
    await formatsAgain(session);
  });

  test('that aborts the process is reported with the signal', async () => {
    await using host = new TestPool();
    await expect(open(host).reportText('crash', 'a.deed')).rejects.toMatchObject({
      code: 'session.lost',
      message: expect.stringMatching(/SIGABRT|exit code 134/u) as string,
    });
  });

  test('that closes the channel of its session ends that session', async () => {
    await using host = new TestPool();
    const session = open(host);
    await expect(session.reportText('closeChannel', 'a.deed')).rejects.toMatchObject({
      code: 'session.lost',
    });
    await formatsAgain(session);
  });

  test('that prints, frames or not, prints into the log', async () => {
    await using host = new TestPool();
    await expect(open(host).reportText('print', 'a.deed')).resolves.toMatchObject({
      kind: 'formatted',
    });
    await expect.poll(() => host.logLines.join('\n')).toMatch(/a line for the log/u);
    await expect.poll(() => host.logLines.join('\n')).toMatch(/not a frame/u);
  });

  test('that throws something that is no error fails its call with words', async () => {
    await using host = new TestPool();
    const session = open(host);
    await expect(session.reportText('throwText', 'a.deed')).rejects.toMatchObject({
      code: 'call.failed',
      message: expect.stringContaining('not an error: "just a text"') as string,
    });
    await formatsAgain(session);
    expect(host.pids).toHaveLength(1);
  });

  test.each(['allocateHeap', 'allocateBuffers'])(
    'that allocates without end (%s) is ended at the memory limit',
    async deed => {
      await using host = new TestPool();
      const session = open(host, { memoryLimitMb: 256 });
      await expect(session.reportText(deed, 'a.deed')).rejects.toMatchObject({
        code: 'session.lost',
      });
      expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'memory' } });
      await formatsAgain(session);
    },
  );
});

import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { nodePlatform } from '../../../server/node/nodePlatform.ts';
import { tierOf } from '../../../server/shared/protocol/confinement.ts';
import { SegmentFolders } from '../../../extension/sessions/segmentFolders.ts';
import { ConfinedTool, installPeeks } from '../../support/confinedTool.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { startedHere, TestPool } from '../../support/sessions.ts';
import { setVariable } from '../../support/variables.ts';

const often = { usageCheckMs: { busy: 20, idle: 20 }, replacesLost: false };
const denied = expect.toBeOneOf(['ENOENT', 'EACCES']) as unknown;

let project: Project;
beforeEach(() => {
  project = new Project();
  installPeeks(project.root);
  return () => project[Symbol.dispose]();
});

/** A call that goes on until its session is gone. */
async function wait(tool: ConfinedTool, host: TestPool) {
  const call = tool.peek(['wait']);
  call.catch(() => undefined); // the test looks at it later
  await host.logged(/waiting/u);
  return { call, pid: host.pids.at(-1)! };
}

describeMechanisms('the life of a session that is confined', mechanism => {
  const open = (host: TestPool, options = {}) =>
    new ConfinedTool(host, project.root, { mechanism, ...options });

  test('is watched by the process that does the work, and ends at its memory limit', async () => {
    await using host = new TestPool(often);
    const tool = open(host, { memoryLimitMb: 256 });
    await tool.prewarm();
    expect(fs.readlinkSync(`/proc/${host.pids[0]}/exe`)).toBe(fs.realpathSync(process.execPath));
    await expect(tool.peek(['allocate'])).rejects.toMatchObject({ code: 'session.lost' });
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'memory' } });
    await expect.poll(() => host.survivors).toEqual([]);
  });

  // The kernel keeps others within the bound, and root it lets go on.
  test.skipIf(process.getuid?.() !== 0)('ends when it runs too many processes', async () => {
    await using host = new TestPool(often);
    const tool = open(host, { needsChildren: true });
    await tool.peek(['multiply', 300]).catch(() => undefined); // it may be told in time
    const { reason } = await host.seen('closed');
    expect(reason.kind).toBe('processes');
    expect(reason.detail).toMatch(/^it ran \d+ processes, more than its limit of 256$/u);
    await expect.poll(startedHere).toEqual([]);
  });

  test('ends when it computes while nobody asks it to', async () => {
    await using host = new TestPool({ ...often, idleProcessorMs: 300 });
    expect(await open(host).peek(['computeLater'])).toEqual(['soon']);
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'processor' } });
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)(
    'ends by a %s from elsewhere with an error that names it',
    async signal => {
      await using host = new TestPool({ replacesLost: false });
      const { call, pid } = await wait(open(host), host);
      process.kill(pid, signal);
      await expect(call).rejects.toMatchObject({
        code: 'session.lost',
        message: expect.stringContaining(signal) as string,
      });
    },
  );
});

describeMechanisms('what is left of a session that is confined', mechanism => {
  let temporary: Project;
  beforeEach(() => {
    temporary = new Project({ 'shared/.keep': '' });
    setVariable('TMPDIR', temporary.root);
    return () => temporary[Symbol.dispose]();
  });

  const openHost = () => {
    const segments = new SegmentFolders(temporary.path('shared'));
    return new TestPool({ replacesLost: false }, nodePlatform, segments);
  };
  const sessions = () =>
    temporary.entries.filter(name => /^shared\/[^/]+\/|^greenroom-scratch-/u.test(name));

  test('is nothing after an orderly end', async () => {
    await using host = openHost();
    const tool = new ConfinedTool(host, project.root, { mechanism, needsScratch: true });
    await tool.peek(['writeScratch']);
    expect(sessions()).not.toEqual([]);
    await host.pool.shutDown();
    expect(sessions()).toEqual([]);
  });

  test('is nothing after it was killed', async () => {
    await using host = openHost();
    const tool = new ConfinedTool(host, project.root, { mechanism, needsScratch: true });
    await tool.peek(['writeScratch']);
    const { call, pid } = await wait(tool, host);
    process.kill(pid, 'SIGKILL');
    await expect(call).rejects.toMatchObject({ code: 'session.lost' });
    await expect.poll(sessions).toEqual([]);
  });

  test('is nothing when its folder is not there', async () => {
    await using host = openHost();
    const tool = new ConfinedTool(host, project.path('gone'), { mechanism, needsScratch: true });
    await expect(tool.prewarm()).rejects.toMatchObject({
      code: 'session.launch',
      message: expect.stringContaining(
        `${project.path('gone')}, in which it is to run, is not there`,
      ) as string,
    });
    expect(sessions()).toEqual([]);
  });

  test('is nothing when its tool is not there', async () => {
    await using host = openHost();
    const directory = project.path('nowhere');
    const tool = new ConfinedTool(host, project.root, { mechanism, directory, needsScratch: true });
    await expect(tool.peek()).rejects.toThrow('nowhere');
    await host.pool.shutDown();
    expect(sessions()).toEqual([]);
  });
});

describeMechanisms('sessions that are confined', mechanism => {
  test('see nothing of one another: no process, no shared memory, no scratch', async () => {
    await using host = new TestPool();
    using other = new Project();
    installPeeks(other.root);
    const mine = new ConfinedTool(host, project.root, { mechanism });
    const theirs = new ConfinedTool(host, other.root, { mechanism, needsScratch: true });
    const [scratch] = await theirs.peek(['writeScratch']);
    const pid = host.pids[0]!;
    const shared = fs
      .readdirSync('/dev/shm')
      .find(name => name.startsWith(`greenroom-${process.pid}-`))!;
    const folder = path.join('/dev/shm', shared);
    const segments = fs.readdirSync(folder).map(name => path.join(folder, name));
    expect(segments).toHaveLength(1);
    const outcomes = await mine.peek(
      ['environment', pid],
      ['list', `/proc/${pid}/fd`],
      ['signal', pid],
      ['list', segments[0]],
      ['list', scratch],
      ['read', other.path('peeks.mjs')],
    );
    const unknown = expect.toBeOneOf(['ESRCH', 'EPERM']) as unknown;
    expect(outcomes).toEqual([denied, denied, unknown, denied, denied, denied]);
  });

  test('carry large texts also where there is no shared memory', async () => {
    const results = await Promise.all(
      [undefined, new SegmentFolders('/nowhere')].map(async segments => {
        await using host = new TestPool({}, nodePlatform, segments);
        const tool = new ConfinedTool(host, project.root, { mechanism });
        return await tool.format('a.js', 'a  =  1\n'.repeat(100_000));
      }),
    );
    expect(results).toEqual(Array(2).fill('a = 1;\n'.repeat(100_000)));
  });

  test('start programs where their tool needs that, and count as confined', async () => {
    await using host = new TestPool();
    const tool = new ConfinedTool(host, project.root, { mechanism, needsChildren: true });
    expect(await tool.peek(['run', ['/bin/echo', 'hello']])).toEqual(['hello\n']);
    const { confinement } = await host.seen('ready');
    expect(confinement).toMatchObject({ succeeded: ['spawn'], granted: ['spawn'] });
    expect(tierOf(confinement)).toBe('confined');
  });

  test('start none otherwise', async () => {
    await using host = new TestPool();
    const tool = new ConfinedTool(host, project.root, { mechanism });
    expect(await tool.peek(['run', ['/bin/echo', 'hello']])).toEqual(['EPERM']);
    const { confinement } = await host.seen('ready');
    expect(confinement).toMatchObject({ mechanism, succeeded: [], granted: [] });
  });
});

test.each([
  [
    'none',
    'read files outside of the workspace, change files of the workspace, connect to the network, start programs',
  ],
  ['permissionModel', 'connect to the network'],
] as const)(
  'a session that %s does not confine as demanded is not used',
  async (mechanism, able) => {
    await using host = new TestPool();
    const tool = new ConfinedTool(host, project.root, { mechanism });
    await expect(tool.peek()).rejects.toMatchObject({
      code: 'session.unconfined',
      message: `a session would be able to ${able}, and none is used that can`,
    });
    expect(host.survivors).toEqual([]);
  },
);

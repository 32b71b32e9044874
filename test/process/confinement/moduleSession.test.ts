import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Remote } from '../../../extension/api.ts';
import { tryBubblewrap } from '../../../extension/confinement/machine.ts';
import { machine } from '../../support/mechanisms.ts';
import { Modules, workshopFile, type Workshop } from '../../support/modules.ts';
import { Project } from '../../support/project.ts';
import { repository, sessionRequest, TestPool } from '../../support/sessions.ts';

const { works } = await tryBubblewrap(['/usr/bin/bwrap']);
const readable = [path.join(repository, 'test/fixtures')];

test.skipIf(!works)(
  'a module of a confined session reads its folder and nothing else',
  async () => {
    await using modules = new Modules();
    using folder = new Project({ 'inside.txt': 'inside' });
    using other = new Project({ 'secret.txt': 'secret', 'tool.mjs': '' });
    using session = await modules.open({ cwd: folder.root, confinement: { readable } });
    expect(session.confinement).toEqual({ mechanism: 'bubblewrap', succeeded: [], granted: [] });
    const { readText } = session.load<Workshop>(workshopFile);
    expect(await readText(folder.path('inside.txt'))).toBe('inside');
    await expect(readText(other.path('secret.txt'))).rejects.toMatchObject({
      remoteCode: 'ENOENT',
    });
    await expect(Promise.resolve(session.load(other.path('tool.mjs')))).rejects.toMatchObject({
      message: expect.stringContaining('it is not there, or not for this session') as string,
    });
  },
);

test.skipIf(!works)(
  'large bytes cross through private memory, which the host reaches',
  async () => {
    await using host = new TestPool();
    const wish = { demands: [], workspace: repository, readable: [] };
    const confinement = { ...wish, needsChildren: false, needsScratch: false };
    using lease = await host.pool.acquire(sessionRequest({ confinement }));
    const root = lease.session.connection.root as Remote<{ load(file: string): Workshop }>;
    const bytes = new Uint8Array(1_024 * 1_024).fill(7);
    const [answer] = await root.load(workshopFile).mirror(bytes);
    expect(answer).toEqual(bytes);
    const inside = `/proc/${host.pids[0]}/root/dev/shm`;
    const files = fs.readdirSync(inside, { recursive: true, encoding: 'utf8' });
    expect(files.map(file => path.basename(file))).toEqual(expect.arrayContaining(['h1', 'w1']));
  },
);

describe.each(['bubblewrap', 'landlock', 'permissionModel'] as const)(
  'confined by %s',
  mechanism => {
    const isMissing = mechanism !== 'permissionModel' && !machine[mechanism].works;

    test.skipIf(isMissing)('a module that may not be read is told as one', async () => {
      await using host = new TestPool();
      using folder = new Project({ 'inside.mjs': '' });
      using other = new Project({ 'tool.mjs': '' });
      folder.write('inside.mjs', `import ${JSON.stringify(other.path('tool.mjs'))};`);
      const wish = { demands: [], workspace: folder.root, readable: [], mechanism };
      const confinement = { ...wish, needsChildren: false, needsScratch: false };
      using lease = await host.pool.acquire(sessionRequest({ cwd: folder.root, confinement }));
      const root = lease.session.connection.root as Remote<{ load(file: string): object }>;
      const load = async (file: string) => await root.load(file);
      const named = 'a confined one reads its project and what `confinement.readable` names';
      const outside = other.path('tool.mjs');
      await expect(load(outside)).rejects.toMatchObject({
        code: 'tool.load',
        message: `could not load ${outside}: it is not there, or not for this session: ${named}`,
      });
      // To some it is as if it were not there, which may well be so.
      const error = load(folder.path('inside.mjs'));
      if (mechanism !== 'bubblewrap') await expect(error).rejects.toThrow(named);
      else await expect(error).rejects.toThrow('Cannot find');
    });
  },
);

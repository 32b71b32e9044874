import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isRemote } from '../../../server/shared/rpc/remoteObject.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { describePython, python, pythonMain } from '../../support/python/pythonSession.ts';
import type { Used } from '../../support/remote.ts';
import { sessionRequest, TestPool } from '../../support/sessions.ts';

/** The interpreter itself: what is on the path may be a script that finds it. */
const interpreter = () =>
  execFileSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

describePython('a Python session of the pool', () => {
  test('is leased, called, and gone without a trace', async () => {
    await using host = new TestPool();
    const launch = {
      runtime: 'python',
      executable: interpreter(),
      workerPath: pythonMain,
    } as const;
    using lease = await host.pool.acquire(sessionRequest(launch));
    const ready = await host.seen('ready');
    expect(ready.runtime).toMatch(/^python 3\./u);
    const root = lease.session.connection.root as Used<{ load(file: string): Workshop }>;
    const workshop = root.load(workshopFile);
    expect(await workshop.pid()).toBe(ready.pid);
    expect(await workshop.call_back((n: number) => n * 3, 3)).toEqual([0, 3, 6]);
    const data = new Uint8Array(1024 * 1024).fill(5);
    expect(Buffer.compare((await workshop.mirror(data))[0]!, data)).toBe(0);
    using counter = await new workshop.Counter();
    expect(isRemote(counter)).toBe(true);
    await workshop.print_lines();
    await host.logged(/to standard error/u);
    await host.pool.shutDown();
    expect(host.survivors).toEqual([]);
  });
});

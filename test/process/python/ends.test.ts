import path from 'node:path';
import { expect, test } from 'vitest';
import type { Lease } from '../../../extension/sessions/pool/lease.ts';
import { describePython, python, pythonMain } from '../../support/python/pythonSession.ts';
import { isAlive, sessionRequest, TestPool } from '../../support/sessions.ts';

const file = path.resolve(import.meta.dirname, '../../fixtures/python/misbehaves.py');

interface Misbehaves {
  hold_everything(): Promise<void>;
  start_in_another_session(): Promise<number>;
  start_a_daemon(): Promise<number>;
}

/** The module in a session. */
async function load(lease: Lease): Promise<Misbehaves> {
  const root = lease.session.connection.root as { load(file: string): Promise<Misbehaves> };
  return root.load(file);
}

const request = sessionRequest({
  runtime: 'python',
  executable: python,
  workerPath: pythonMain,
});

describePython('a Python session ends', () => {
  test('although its tool ignores requests to end and lets nothing else run', async () => {
    await using host = new TestPool({ drainMs: 20, endStepMs: 50, replacesLost: false });
    using lease = await host.pool.acquire(request);
    const misbehaves = await load(lease);
    const held = Promise.resolve(misbehaves.hold_everything());
    const refused = expect(held).rejects.toMatchObject({ code: 'session.closed' });
    await host.logged(/holding/u);
    await host.pool.close(lease.session.id);
    await refused;
    expect(host.survivors).toEqual([]);
  });

  test
    .skipIf(process.platform !== 'linux')
    .each(['start_in_another_session', 'start_a_daemon'] as const)(
    'with what its tool has started by %s',
    async deed => {
      await using host = new TestPool({ replacesLost: false });
      using lease = await host.pool.acquire(request);
      const misbehaves = await load(lease);
      const daemon = await misbehaves[deed]();
      expect(isAlive(daemon)).toBe(true);
      await host.pool.close(lease.session.id);
      expect(isAlive(daemon)).toBe(false);
    },
  );
});

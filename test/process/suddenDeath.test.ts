import { expect, test } from 'vitest';
import type { ModuleSession } from '../../extension/api.ts';
import { noneLive } from '../support/loopback.ts';
import { heldFor } from '../support/heldFor.ts';
import { workshopFile, type Workshop } from '../support/modules.ts';
import { ModulesInFolder } from '../support/modulesInFolder.ts';

const mebibyte = 1024 * 1024;

const here = new ModulesInFolder();

/** Counts how often each call has ended. */
async function endsOf(calls: readonly PromiseLike<unknown>[]): Promise<readonly string[]> {
  const ends: string[][] = calls.map(() => []);
  const told = calls.map((call, index) =>
    call.then(
      () => ends[index]!.push('fulfilled'),
      (error: { code?: string }) => ends[index]!.push(error.code ?? 'no code'),
    ),
  );
  await Promise.all(told);
  return ends.map(end => end.join());
}

type Deed = (workshop: ReturnType<typeof load>) => readonly PromiseLike<unknown>[];

const load = (session: ModuleSession) => session.load<Workshop>(workshopFile);

test.each<[string, Deed]>([
  ['a batch', ({ exitIf }) => [exitIf.batch([[false], [true], [false]])]],
  ['taking shared memory', ({ takeAndDie }) => [takeAndDie(new Uint8Array(mebibyte))]],
  ['giving shared memory', ({ giveAndDie }) => [giveAndDie(mebibyte)]],
  [
    'calls and callbacks',
    ({ callBack, exitIf, never }) => [callBack(() => never(), 2), never(), exitIf(true)],
  ],
])(
  'a process that dies in the middle of %s leaves nothing, and each call ends once',
  async (_what, deed) => {
    using session = await here.modules.open();
    const workshop = load(session);
    expect(await workshop.exitIf(false)).toBe('still here');
    const ends = await endsOf(deed(workshop));
    expect(new Set(ends)).toEqual(new Set(['session.lost']));
    await expect.poll(() => heldFor(session)).toEqual(noneLive);
    await expect.poll(() => here.segments).toEqual([]);
    using next = await here.modules.open();
    expect(await load(next).exitIf(false)).toBe('still here');
  },
);

test('a process that has stopped reading is ended with all that waits for it', async () => {
  using session = await here.modules.open();
  const workshop = load(session);
  const pid = await workshop.pid();
  process.kill(pid, 'SIGSTOP');
  const text = 'x'.repeat(mebibyte);
  const calls = Array.from({ length: 40 }, () => workshop.echo(text));
  const ends = endsOf(calls);
  await session.close();
  expect(await ends).toEqual(calls.map(() => 'session.closed'));
  expect(heldFor(session)).toEqual(noneLive);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

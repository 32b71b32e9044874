import { expect, test } from 'vitest';
import {
  untilCertain,
  type Finding,
  type Machine,
} from '../../../../extension/confinement/machine.ts';

const works: Finding = { works: true, program: '/usr/bin/bwrap' };
const missing: Finding = { works: false, why: 'it is not installed' };
const slow: Finding = { works: false, why: 'it did not end within 3 s', tookTooLong: true };

/** A machine on which the attempts to use bubblewrap end like this, one after the other. */
function machineWith(...outcomes: readonly Finding[]) {
  const attempts = [...outcomes];
  const rest = {
    landlock: missing,
    seatbelt: missing,
    launcher: '',
    system: { real: [], links: [] },
  };
  const examine = async (): Promise<Machine> => ({ bubblewrap: attempts.shift()!, ...rest });
  const examineMachine = untilCertain(examine);
  return async () => (await examineMachine('')).bubblewrap;
}

test('a mechanism that took too long is tried again by the next session, until it is certain', async () => {
  const bubblewrap = machineWith(slow, slow, works, missing);
  const seen = [await bubblewrap(), await bubblewrap(), await bubblewrap(), await bubblewrap()];
  expect(seen).toEqual([slow, slow, works, works]);
});

test.each([works, missing])('what is certain is found out once: %j', async finding => {
  const bubblewrap = machineWith(finding, slow);
  expect([await bubblewrap(), await bubblewrap()]).toEqual([finding, finding]);
});

test('sessions that start together share one attempt', async () => {
  const bubblewrap = machineWith(slow, works);
  expect(await Promise.all([bubblewrap(), bubblewrap()])).toEqual([slow, slow]);
  expect(await bubblewrap()).toEqual(works);
});

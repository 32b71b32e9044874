import path from 'node:path';
import { describe } from 'vitest';
import { examineMachine } from '../../extension/confinement/machine.ts';
import { workerPath } from './sessions.ts';

const launcher = path.join(path.dirname(workerPath), 'landlock.pl');
export const machine = await examineMachine(launcher);

export type KernelMechanism = 'bubblewrap' | 'landlock';

/** Tests for each mechanism of Linux; where one does not work, they are skipped and say why. */
export function describeMechanisms(
  name: string,
  tests: (mechanism: KernelMechanism) => void,
): void {
  describe.each(['bubblewrap', 'landlock'] as const)(`${name} by %s`, mechanism => {
    const finding = machine[mechanism];
    if (finding.works) tests(mechanism);
    else describe.skip(finding.why, () => tests(mechanism));
  });
}

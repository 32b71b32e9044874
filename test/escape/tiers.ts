import path from 'node:path';
import process from 'node:process';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import { examineMachine } from '../../extension/confinement/machine.ts';
import { workerPath } from '../support/sessions.ts';

/** One way in which a session can be confined. */
export interface Tier {
  readonly name: string;
  readonly mechanism: Mechanism;
  readonly needsChildren: boolean;
}

export interface Tiers {
  readonly there: readonly Tier[];
  /** Mechanisms of this system that do not work here, and why. */
  readonly missing: readonly string[];
}

/** From the strongest to none at all. */
export async function findTiers(): Promise<Tiers> {
  const launcher = path.join(path.dirname(workerPath), 'landlock.pl');
  const { bubblewrap, landlock } = await examineMachine(launcher);
  const mechanisms: Mechanism[] = [
    ...(bubblewrap.works ? (['bubblewrap'] as const) : []),
    ...(landlock.works ? (['landlock'] as const) : []),
    ...(process.platform === 'darwin' ? (['seatbelt'] as const) : []),
    'permissionModel',
    'none',
  ];
  return {
    there: mechanisms.flatMap(mechanism => [
      { name: mechanism, mechanism, needsChildren: false },
      { name: `${mechanism}+children`, mechanism, needsChildren: true },
    ]),
    missing: [bubblewrap, landlock].flatMap(one => (one.works ? [] : [one.why])),
  };
}

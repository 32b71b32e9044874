import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Escape, runtimes } from '../../escape/escape.ts';
import { ownTemporary } from '../../escape/ownTemporary.ts';
import type { Verdict } from '../../escape/probe.ts';
import { probes } from '../../escape/probes.ts';
import type { Mechanism } from '../../../server/shared/protocol/confinement.ts';
import { findTiers, type Tier } from '../../escape/tiers.ts';

const { there, missing } = await findTiers();
/** What a mechanism is known not to hold back, and why; SECURITY.md says it to users. */
const known = {
  bubblewrap: {},
  landlock: {
    'stat-home': 'Landlock does not know of asking whether a file is there, and of what size',
    'read-link-of-home': 'nor of reading where a link leads',
  },
} as const satisfies Partial<Record<Mechanism, Readonly<Record<string, string>>>>;

type Tried = Tier & { readonly mechanism: keyof typeof known };

const isTried = (tier: Tier): tier is Tried => Object.hasOwn(known, tier.mechanism);

/** What fills, spins or multiplies is tried by `npm run escape` only. */
const light = probes.filter(({ isHeavy }) => isHeavy !== true);

let temporary: Disposable;
beforeAll(() => void (temporary = ownTemporary()));
afterAll(() => temporary[Symbol.dispose]());

for (const why of missing) test.skip(`a mechanism is not there: ${why}`);

describe.each(there.filter(isTried))('$name', tier => {
  test.each(runtimes)('lets no hostile tool in %s escape', { timeout: 60_000 }, async runtime => {
    await using escape = new Escape(tier, runtime);
    const verdicts: Record<string, Verdict | 'skipped'> = {};
    for (const probe of light) {
      if (probe.runtimes?.includes(runtime) === false) continue;
      verdicts[probe.name] = (await escape.try(probe)).verdict;
    }
    const escaped = Object.keys(verdicts).filter(name => verdicts[name] === 'escaped');
    // One that is held back by now is no longer an exception.
    expect(escaped).toEqual(Object.keys(known[tier.mechanism]));
    expect(verdicts).toMatchObject({ 'read-home': 'blocked', 'change-workspace': 'blocked' });
  });
});

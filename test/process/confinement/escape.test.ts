import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Escape, runtimes } from '../../escape/escape.ts';
import { gaps, surprises } from '../../escape/expected.ts';
import type { Runtime } from '../../escape/hostileSession.ts';
import type { Results } from '../../escape/matrix.ts';
import { ownTemporary } from '../../escape/ownTemporary.ts';
import type { Outcome, Probe } from '../../escape/probe.ts';
import { probes } from '../../escape/probes.ts';
import { findTiers, type Tier } from '../../escape/tiers.ts';

const { there, missing } = await findTiers();
type Tried = Tier & { readonly mechanism: keyof typeof gaps };

const isTried = (tier: Tier): tier is Tried => Object.hasOwn(gaps, tier.mechanism);

const light = probes.filter(({ isHeavy }) => isHeavy !== true);

/** What fills, spins or multiplies is tried where most can be done; everywhere, by `npm run escape`. */
const heavy = probes.filter(({ isHeavy }) => isHeavy);
const strongest = there.filter(isTried).filter(({ needsChildren }) => needsChildren)[0];

let temporary: Disposable;
beforeAll(() => void (temporary = ownTemporary()));
afterAll(() => temporary[Symbol.dispose]());

for (const why of missing) test.skip(`a mechanism is not there: ${why}`);

describe.each(there.filter(isTried))('$name', tier => {
  test.each(runtimes)('lets no hostile tool in %s escape', { timeout: 60_000 }, async runtime => {
    const outcomes = await tryAll(light, tier, runtime);
    expect(surprises(tier, outcomes)).toEqual([]);
    const verdictOf = (name: string) => outcomes.get(`${runtime}/${name}`)?.verdict;
    const known = Object.keys(gaps[tier.mechanism]).filter(verdictOf);
    // One that is held back by now is no longer an exception.
    expect(known.filter(name => verdictOf(name) !== 'escaped')).toEqual([]);
    expect([verdictOf('read-home'), verdictOf('change-workspace')]).toEqual(['blocked', 'blocked']);
  });
});

describe.each(strongest ? [strongest] : [])('$name', tier => {
  test.each(runtimes)('holds what is greedy in %s', { timeout: 60_000 }, async runtime => {
    expect(surprises(tier, await tryAll(heavy, tier, runtime))).toEqual([]);
  });
});

describe.each(there.filter(({ name }) => name === 'none'))('where nothing confines', tier => {
  test.skipIf(process.platform !== 'linux').each(runtimes)(
    'every probe in %s shows that it can escape',
    { timeout: 180_000 },
    async runtime => {
      expect(surprises(tier, await tryAll(light, tier, runtime))).toEqual([]);
    },
  );
});

async function tryAll(all: readonly Probe[], tier: Tier, runtime: Runtime): Promise<Results> {
  await using escape = new Escape(tier, runtime);
  const outcomes = new Map<string, Outcome>();
  for (const probe of all) {
    if (probe.runtimes?.includes(runtime) === false) continue;
    outcomes.set(`${runtime}/${probe.name}`, await escape.try(probe));
  }
  return outcomes;
}

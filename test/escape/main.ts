import fs from 'node:fs';
import process from 'node:process';
import { Escape, runtimes } from './escape.ts';
import { surprises } from './expected.ts';
import { printMatrix, toReport, type Results } from './matrix.ts';
import { ownTemporary } from './ownTemporary.ts';
import { parseOptions, type EscapeOptions } from './options.ts';
import type { Outcome } from './probe.ts';
import { probes } from './probes.ts';
import { findTiers, type Tier } from './tiers.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  using _temporary = ownTemporary();
  const { there, missing } = await findTiers();
  for (const why of missing) console.log(`not tried: ${why}`);
  const results: Map<Tier, Results> = new Map();
  for (const tier of there) {
    if (options.tiers?.includes(tier.name) ?? true) results.set(tier, await tryTier(tier, options));
  }
  printMatrix(results);
  const report = toReport(results);
  if (options.json !== undefined) {
    fs.writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  for (const [tier, outcomes] of results) {
    for (const surprise of surprises(tier, outcomes)) {
      console.error(`escape: ${tier.name} ${surprise}`);
      process.exitCode = 1;
    }
  }
}

async function tryTier(tier: Tier, options: EscapeOptions): Promise<Results> {
  const results = new Map<string, Outcome>();
  for (const runtime of runtimes) {
    // Node's own model is nothing that Python has.
    if (runtime === 'python' && tier.mechanism === 'permissionModel') continue;
    await using escape = new Escape(tier, runtime);
    for (const probe of probes) {
      const name = `${runtime}/${probe.name}`;
      if (!options.probes.test(name) || probe.runtimes?.includes(runtime) === false) continue;
      const outcome = await escape.try(probe);
      results.set(name, outcome);
      console.log(`${tier.name} ${name}: ${outcome.verdict} (${outcome.detail})`);
    }
  }
  return results;
}

try {
  await main();
} catch (error) {
  console.error('escape:', error);
  process.exitCode = 1;
}

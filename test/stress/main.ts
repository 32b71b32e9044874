import fs from 'node:fs';
import { Ordeal } from './ordeal.ts';
import { parseOptions } from './options.ts';
import { isClean, toReport, type PoolTally } from './tally.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const { replicas, operations, callers, seed } = options;
  console.log(`${operations} operations of ${callers} callers per pool; --seed ${seed}\n`);
  const tallies: PoolTally[] = [];
  for (const size of replicas) {
    await using ordeal = new Ordeal(size, options);
    const tally = await ordeal.run();
    tallies.push(tally);
    console.log(describe(tally));
  }
  const report = toReport(seed, tallies);
  console.log(`\n${JSON.stringify(report, null, 2)}`);
  if (options.json !== undefined) {
    fs.writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (!isClean(report)) process.exitCode = 1;
}

function describe({ replicas, operations, succeeded, faults, tookS }: PoolTally): string {
  const done = Object.entries(faults).map(([kind, count]) => `${count} ${kind}`);
  const size = `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
  return `${size}: ${succeeded} of ${operations} in ${tookS.toFixed(1)} s; ${done.join(', ')}`;
}

try {
  await main();
} catch (error) {
  console.error(`stress: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

import fs from 'node:fs';
import type { Effort, Measured } from './measure.ts';
import { hasMeasuredApart, measureApart } from './measureApart.ts';
import { parseOptions, usage, type BenchOptions } from './options.ts';
import { extras, printExtras } from './extras/extras.ts';
import { regimes } from './regimes/regimes.ts';
import { toRegimeReport, type RegimeReport, type Report } from './report.ts';
import { renderTables } from './table.ts';

const thorough = { firstWarmUpMs: 1_500, warmUpMs: 120, roundMs: 120 };
const quick = { firstWarmUpMs: 60, warmUpMs: 60, roundMs: 20 };

const legend = `The floor is what two processes take for an echo of as many bytes, or a
bare Node to start; direct is the work in this process. '/ floor' is how many times as long as the floor
Greenroom takes, '/ greenroom' how many times as long as Greenroom the best peer does.`;

async function main(): Promise<void> {
  if (await hasMeasuredApart(regimes)) return;
  const names = regimes.map(({ name }) => name);
  const options = parseOptions(process.argv.slice(2), names, Object.keys(extras));
  if (options.wantsHelp) return console.log(usage(names, Object.keys(extras)));
  if (options.regimes.length > 0) await printRegimes(options);
  await printExtras(options.extras);
}

async function printRegimes(options: BenchOptions): Promise<void> {
  const report = await measureAll(options);
  console.log(`\n${renderTables(report.regimes)}`);
  console.log(`\nMicroseconds per operation, medians of ${report.rounds} rounds. ${legend}`);
  if (options.json !== undefined) {
    fs.writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
}

async function measureAll({ rounds, regimes: chosen, isQuick }: BenchOptions): Promise<Report> {
  const effort: Effort = { rounds, ...(isQuick ? quick : thorough) };
  const rows: Record<string, RegimeReport> = {};
  for (const { name } of regimes) {
    if (!chosen.includes(name)) continue;
    const startedAtMs = performance.now();
    const measured = await measureApart(name, effort);
    const tookS = (performance.now() - startedAtMs) / 1_000;
    process.stderr.write(`${name}: done in ${tookS.toFixed(1)} s\n`);
    tellFailures(measured);
    rows[name] = toRegimeReport(measured);
  }
  return { node: process.versions.node, rounds, regimes: rows };
}

function tellFailures({ failures }: Measured): void {
  for (const [side, message] of failures) {
    console.error(`  ${side} failed: ${message}`);
    process.exitCode = 1;
  }
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
process.exit(); // a side that hangs must not keep it; what it started ends with it

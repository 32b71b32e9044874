import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { benchFormatting } from './formatting.ts';
import { benchMemory } from './memory.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number');

const results = {
  node: process.versions.node,
  rounds,
  'formatting 1,000 lines of TypeScript (ms, medians)': await benchFormatting(rounds),
  'resident memory (MiB)': await benchMemory(),
};
for (const [title, rows] of Object.entries(results)) {
  if (typeof rows !== 'object') continue;
  console.log(`\n${title}`);
  for (const [name, value] of Object.entries(rows)) {
    console.log(`  ${name.padEnd(44)} ${value.toFixed(1).padStart(9)}`);
  }
}
if (values.json !== undefined) fs.writeFileSync(values.json, JSON.stringify(results, null, 2));

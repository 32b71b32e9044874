import { seconds } from '../host/progress.ts';
import { sum, toLine, type Counts } from './counts.ts';
import { runStage } from './runStage.ts';
import { provision, stages, type Stage } from './stages.ts';

/** `npm test`: every stage, also after one has failed. `--fast` leaves out those with an editor. */
async function main(fast: boolean, signal: AbortSignal): Promise<Counts> {
  const chosen = stages.filter(stage => !fast || !stage.isSlow);
  const provisioned = fast ? undefined : runStage(provision, signal);
  const results: { name: string; counts: Counts; took: string }[] = [];
  const run = async (stage: Stage, work: () => Promise<Counts>) => {
    if (signal.aborted) return;
    console.log(`\n━━ ${stage.name}`);
    const startedAt = performance.now();
    const counts = await work();
    const took = seconds(startedAt);
    console.log(`━━ ${stage.name}: ${toLine(counts)}, ${took}`);
    results.push({ name: stage.name, counts, took });
  };

  for (const stage of chosen) {
    // Tests that measure time should have the machine to themselves.
    if (stage.name === 'process' && provisioned) await run(provision, () => provisioned);
    await run(stage, () => runStage(stage, signal));
  }
  console.log();
  for (const { name, counts, took } of results) {
    console.log(`${counts.failed ? '✗' : '✓'} ${name.padEnd(24)}${toLine(counts)}, ${took}`);
  }
  return sum(results.map(({ counts }) => counts));
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}
const total = await main(process.argv.includes('--fast'), interruption.signal);
console.log(`\n${toLine(total)}`);
process.exitCode = interruption.signal.aborted ? 130 : total.failed > 0 ? 1 : 0;

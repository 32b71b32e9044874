import type { Outcome, Verdict } from './probe.ts';
import type { Tier } from './tiers.ts';

/** By the names of probes. */
export type Results = ReadonlyMap<string, Outcome>;

export type Report = Readonly<Record<string, Readonly<Record<string, Verdict>>>>;

/** What was not tried is left out. */
export function toReport(results: ReadonlyMap<Tier, Results>): Report {
  const report: Record<string, Record<string, Verdict>> = {};
  for (const [{ name }, outcomes] of results) {
    const verdicts: Record<string, Verdict> = {};
    for (const [probe, { verdict }] of outcomes) {
      if (verdict !== 'skipped') verdicts[probe] = verdict;
    }
    report[name] = verdicts;
  }
  return report;
}

export function printMatrix(results: ReadonlyMap<Tier, Results>): void {
  const tiers = [...results];
  const names = [...new Set(tiers.flatMap(([, outcomes]) => [...outcomes.keys()]))].sort();
  const width = Math.max(...names.map(name => name.length), 0);
  const columns = tiers.map(([{ name }]) => name.padEnd(9));
  console.log(`\n${' '.repeat(width)}  ${columns.join('  ')}`);
  for (const name of names) {
    const cells = tiers.map(([, outcomes], index) =>
      (outcomes.get(name)?.verdict ?? '-').padEnd(columns[index]!.length),
    );
    console.log(`${name.padEnd(width)}  ${cells.join('  ')}`.trimEnd());
  }
}

import fs from 'node:fs';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Counts = { passed: 0, failed: 0, skipped: 0 };

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (one, other) => ({
      passed: one.passed + other.passed,
      failed: one.failed + other.failed,
      skipped: one.skipped + other.skipped,
    }),
    nothing,
  );
}

export function toLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The last line of that form in what a runner printed. */
export function countsInOutput(output: string): Counts | undefined {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  if (!match) return undefined;
  return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) };
}

/** What vitest's JSON reporter wrote; undefined if it did not come that far. */
export function countsInReport(file: string): Counts | undefined {
  if (!fs.existsSync(file)) return undefined;
  const report = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  const count = (name: string) => Number(report[name] ?? 0);
  return {
    passed: count('numPassedTests'),
    failed: count('numFailedTests'),
    skipped: count('numPendingTests') + count('numTodoTests'),
  };
}

/**
 * What a stage adds to the total. A failure that no test took upon itself is one more, and so is
 * a stage of tests in which none ran.
 */
export function toStageCounts(succeeded: boolean, counted: Counts | undefined): Counts {
  const counts = counted ?? nothing;
  const isQuiet = counts.failed === 0 && (!succeeded || counts.passed === 0);
  return isQuiet ? { ...counts, failed: 1 } : counts;
}

import { median } from '../bench/statistics.ts';

/** What an operation makes the tool do. */
export type Deed = 'answer' | 'hang' | 'leak';

export interface Failure {
  readonly kind: 'failed';
  readonly deed: Deed;
  /** That had begun it or was to, if it came so far. */
  readonly session: string | undefined;
  readonly error: unknown;
}

/** How one operation ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly tookMs: number }
  /** It has the answer of another one. */
  | { readonly kind: 'misdelivered' }
  | Failure;

/** The result as `--json` writes it. Times are those of operations that succeeded. */
export interface StressReport {
  readonly seed: number;
  readonly operations: number;
  readonly succeeded: number;
  readonly failed_as_expected: number;
  /** Failures that no fault explains. */
  readonly unexplained: number;
  /** Operations that never ended. */
  readonly lost: number;
  /** Operations that a tool began more than once. */
  readonly duplicated: number;
  readonly misdelivered: number;
  /** Processes that outlived their pool. */
  readonly orphans: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

type Counts = Omit<StressReport, 'seed' | 'p50_ms' | 'p95_ms' | 'p99_ms' | 'max_ms'>;

/** What one pool has gone through. */
export interface PoolTally extends Counts {
  readonly replicas: number;
  readonly timesMs: readonly number[];
  /** What was done to it, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly tookS: number;
}

export function toReport(seed: number, tallies: readonly PoolTally[]): StressReport {
  const total = (field: keyof Counts) => tallies.reduce((sum, tally) => sum + tally[field], 0);
  const times = tallies.flatMap(({ timesMs }) => timesMs).sort((a, b) => a - b);
  const at = (share: number) => round(times[Math.ceil(share * times.length) - 1] ?? NaN);
  return {
    seed,
    operations: total('operations'),
    succeeded: total('succeeded'),
    failed_as_expected: total('failed_as_expected'),
    unexplained: total('unexplained'),
    lost: total('lost'),
    duplicated: total('duplicated'),
    misdelivered: total('misdelivered'),
    orphans: total('orphans'),
    p50_ms: round(median(times)),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: at(1),
  };
}

/** Whether everything that must not happen has not happened. */
export function isClean(report: StressReport): boolean {
  const { unexplained, lost, duplicated, misdelivered, orphans } = report;
  return unexplained + lost + duplicated + misdelivered + orphans === 0;
}

function round(ms: number): number {
  return Number(ms.toFixed(1));
}

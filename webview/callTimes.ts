import type { CallRecord } from '../server/shared/protocol/events.ts';

/** The parts of a call's time, in the order in which they pass. */
export const callParts = ['queue', 'transport', 'run', 'reply'] as const;

export type CallPart = (typeof callParts)[number];

export function partMs(call: CallRecord, part: CallPart): number {
  return call[`${part}Ms`];
}

export function totalMs(call: CallRecord): number {
  return call.queueMs + call.transportMs + call.runMs + call.replyMs;
}

export function methodName(call: CallRecord): string {
  return `${call.tool}.${call.method}`;
}

/** A name for each call that stays the same from one snapshot to the next. */
export function callKeys(calls: readonly CallRecord[]): readonly string[] {
  const seen = new Map<string, number>();
  return calls.map(call => {
    const key = `${call.session} ${call.askedAtMs} ${methodName(call)} ${call.subject ?? ''}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${key} ${count}`;
  });
}

/** Total latencies over time, a row of values per series, as uPlot wants them. */
export interface LatencySeries {
  readonly calls: readonly CallRecord[];
  readonly names: readonly string[];
  /** Per series one value for each call: its total, or null where the call is another's. */
  readonly totals: readonly (readonly (number | null)[])[];
}

/** As many as there are colours. */
export const mostSeries = 5;

/** A series per method while they can be told apart, else one per tool. */
export function latencySeries(recentCalls: readonly CallRecord[]): LatencySeries {
  const calls = recentCalls.toSorted((one, other) => one.askedAtMs - other.askedAtMs);
  const methods = new Set(calls.map(methodName));
  const seriesOf = methods.size <= mostSeries ? methodName : ({ tool }: CallRecord) => tool;
  const names = [...new Set(calls.map(seriesOf))].sort();
  const totals = names.map(name =>
    calls.map(call => (seriesOf(call) === name ? totalMs(call) : null)),
  );
  return { calls, names, totals };
}

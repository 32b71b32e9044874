/** A call that a session has been sent and has not answered. */
export interface OpenCall {
  readonly name: string;
  readonly sentAtMs: number;
  /** When word came that it begins; undefined until then. */
  readonly startedAtMs: number | undefined;
}

/**
 * `busy`: a call runs. `slow`: one has been running for long, which only its deadline can judge.
 * `stuck`: nothing runs, and a call has been waiting in vain for a sign of life.
 */
export type Health = 'idle' | 'busy' | 'slow' | 'stuck';

export interface HealthLimits {
  readonly slowMs: number;
  readonly silenceMs: number;
}

/**
 * A worker does one thing at a time: as long as a call runs, others wait, and silence means nothing.
 * `heardAtMs` is when the last word came.
 */
export function healthOf(
  calls: Iterable<OpenCall>,
  heardAtMs: number,
  nowMs: number,
  { slowMs, silenceMs }: HealthLimits,
): Health {
  let oldestSent = Infinity;
  let oldestStarted = Infinity;
  for (const { sentAtMs, startedAtMs } of calls) {
    if (startedAtMs === undefined) oldestSent = Math.min(oldestSent, sentAtMs);
    else oldestStarted = Math.min(oldestStarted, startedAtMs);
  }
  if (oldestStarted < Infinity) return nowMs - oldestStarted >= slowMs ? 'slow' : 'busy';
  if (oldestSent === Infinity) return 'idle';
  return nowMs - Math.max(oldestSent, heardAtMs) >= silenceMs ? 'stuck' : 'busy';
}

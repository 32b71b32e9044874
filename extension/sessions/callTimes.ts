import type { CallTrace } from '../../server/shared/rpc/callOptions.ts';

export interface CallTimes {
  readonly queueMs: number;
  readonly transportMs: number;
  readonly runMs: number;
  readonly replyMs: number;
}

/**
 * Divides the time from asking to the answer into its parts, which always add up to it. The worker's
 * readings are taken only as far as they lie between our own. Of a call without any, which may have begun
 * all the same, nothing else is known than that it ran until it was lost.
 */
export function divideTimes(
  askedAtMs: number,
  endedAtMs: number,
  trace: CallTrace | undefined,
  mayHaveBegun = false,
): CallTimes {
  if (!trace) {
    const wholeMs = endedAtMs - askedAtMs;
    const [queueMs, runMs] = mayHaveBegun ? [0, wholeMs] : [wholeMs, 0];
    return { queueMs, transportMs: 0, runMs, replyMs: 0 };
  }
  const received = between(trace.sentAtMs, trace.served.receivedMs, trace.answeredAtMs);
  const started = between(received, trace.served.startedMs, trace.answeredAtMs);
  const finished = between(started, trace.served.finishedMs, trace.answeredAtMs);
  return {
    queueMs: trace.sentAtMs - askedAtMs + (started - received),
    transportMs: received - trace.sentAtMs,
    runMs: finished - started,
    replyMs: trace.answeredAtMs - finished,
  };
}

function between(low: number, value: number, high: number): number {
  return Math.min(Math.max(low, value), high);
}

import type { CallTrace } from '../../server/shared/rpc/callOptions.ts';

export interface CallTimes {
  readonly queueMs: number;
  readonly transportMs: number;
  readonly runMs: number;
  readonly replyMs: number;
}

/**
 * Divides the time from asking to the answer into its parts, which always add up to it. The worker's
 * readings are taken only as far as they lie between our own.
 */
export function divideTimes(
  askedAtMs: number,
  endedAtMs: number,
  trace: CallTrace | undefined,
): CallTimes {
  if (!trace) return { queueMs: endedAtMs - askedAtMs, transportMs: 0, runMs: 0, replyMs: 0 };
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

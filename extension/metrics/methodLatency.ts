import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { CallRecord } from '../../server/shared/protocol/events.ts';
import type {
  Latency,
  MethodIdentity,
  MethodStatistics,
} from '../../server/shared/protocol/snapshot.ts';

const microsecondsPerMs = 1_000;
const longest = 3_600_000 * microsecondsPerMs;

/** Counts and latencies of one method, in Node's own histogram at microsecond resolution. */
export class MethodLatency {
  /** Made with the first answer: there are many methods that never have one. */
  private histogram: RecordableHistogram | undefined;
  private count = 0;
  private failures = 0;
  private cancelled = 0;
  private requestBytes = 0;
  private replyBytes = 0;

  constructor(private readonly identity: MethodIdentity) {}

  record(call: CallRecord): void {
    this.count++;
    this.requestBytes += call.requestBytes;
    this.replyBytes += call.replyBytes;
    // The time until somebody gave up says nothing of how long an answer takes.
    if (call.outcome === 'cancelled') return void this.cancelled++;
    if (call.outcome !== 'ok') this.failures++;
    if (!call.isNotification) this.recordTime(call);
  }

  get statistics(): MethodStatistics {
    const { identity, count, failures, cancelled, requestBytes, replyBytes, latency } = this;
    const asked = { sentBytes: requestBytes, receivedBytes: replyBytes };
    const served = { sentBytes: replyBytes, receivedBytes: requestBytes };
    return {
      ...identity,
      ...(identity.from ? served : asked),
      count,
      failures,
      cancelled,
      ...(latency && { latency }),
    };
  }

  private recordTime({ queueMs, transportMs, runMs, replyMs }: CallRecord): void {
    const totalMs = queueMs + transportMs + runMs + replyMs;
    const time = Math.min(Math.max(1, Math.round(totalMs * microsecondsPerMs)), longest);
    this.histogram ??= createHistogram({ highest: longest });
    this.histogram.record(time);
  }

  private get latency(): Latency | undefined {
    const { histogram } = this;
    if (!histogram) return undefined;
    const at = (percentile: number) => histogram.percentile(percentile) / microsecondsPerMs;
    return { p50: at(50), p95: at(95), p99: at(99), max: histogram.max / microsecondsPerMs };
  }
}

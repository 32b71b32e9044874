import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { CallRecord } from '../../server/shared/protocol/events.ts';
import type { MethodStatistics } from '../../server/shared/protocol/snapshot.ts';

const microsecondsPerMs = 1_000;

/** Latencies of one method of one tool, in Node's own histogram at microsecond resolution. */
export class MethodLatency {
  private readonly histogram: RecordableHistogram = createHistogram();
  private failures = 0;

  constructor(
    private readonly tool: string,
    private readonly method: string,
  ) {}

  record(call: CallRecord): void {
    const totalMs = call.queueMs + call.transportMs + call.runMs + call.replyMs;
    this.histogram.record(Math.max(1, Math.round(totalMs * microsecondsPerMs)));
    if (call.outcome !== 'ok') this.failures++;
  }

  get statistics(): MethodStatistics {
    const at = (percentile: number) => this.histogram.percentile(percentile) / microsecondsPerMs;
    return {
      tool: this.tool,
      method: this.method,
      count: this.histogram.count,
      failures: this.failures,
      p50Ms: at(50),
      p95Ms: at(95),
      p99Ms: at(99),
      maxMs: this.histogram.max / microsecondsPerMs,
    };
  }
}

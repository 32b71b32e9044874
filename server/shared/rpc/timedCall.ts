import type { Clock } from '../base/platform.ts';
import type { GreenroomError } from '../errors.ts';
import type { CallTrace, ServedTimes, TimedEnd } from './callOptions.ts';

/** Keeps the times of a call until it has ended, for whoever records them. */
export class TimedCall {
  requestBytes = 0;
  protected trace: CallTrace | undefined;
  private readonly sentAtMs: number;
  private isSettled = false;

  constructor(
    protected readonly name: string,
    private readonly clock: Clock,
    private readonly onSettled: ((end: TimedEnd) => void) | undefined,
  ) {
    this.sentAtMs = clock.now();
  }

  /** The answer is there. Gives what the caller sees instead, if it has given up. */
  answered(times: ServedTimes, replyBytes: number, _isWhole: boolean): GreenroomError | undefined {
    this.measure(times, replyBytes);
    return undefined;
  }

  /** It is known how the call has ended: with this error, if there is one. */
  settled(error?: unknown): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const { name, sentAtMs, trace } = this;
    this.onSettled?.({ name, sentAtMs, trace, ...(error !== undefined && { error }) });
  }

  protected measure(served: ServedTimes, replyBytes: number): CallTrace {
    const { sentAtMs, requestBytes } = this;
    const answeredAtMs = this.clock.now();
    this.trace = { sentAtMs, answeredAtMs, served, requestBytes, replyBytes };
    return this.trace;
  }
}

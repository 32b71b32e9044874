import type { Clock } from '../base/platform.ts';
import type { GreenroomError } from '../errors.ts';
import type { CallTrace, ServedTimes, TimedEnd } from './callOptions.ts';

export interface TimedCallContext {
  readonly clock: Clock;
  /** The caller has been told how it ended; absent where no record is wanted. */
  readonly onSettled: ((end: TimedEnd) => void) | undefined;
  /** A listener has thrown, which is no reason for anything else to fail. */
  readonly onListenerFailure: (error: unknown) => void;
}

/** Keeps the times of a call until it has ended, for whoever records them. */
export class TimedCall {
  requestBytes = 0;
  protected trace: CallTrace | undefined;
  private readonly sentAtMs: number;
  private isSettled = false;

  constructor(
    protected readonly name: string,
    protected readonly context: TimedCallContext,
  ) {
    this.sentAtMs = context.clock.now();
  }

  /** Whether it has begun on the other side, as far as that is told. */
  get mayHaveBegun(): boolean {
    return true;
  }

  /** The answer is there. Gives what the caller sees instead, if it has given up. */
  answered(times: ServedTimes, replyBytes: number): GreenroomError | undefined {
    this.measure(times, replyBytes);
    return undefined;
  }

  /** It is known how the call has ended: with this error, if there is one, and perhaps before it had left. */
  settled(error?: unknown, isUnsent = false): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const { name, sentAtMs, trace } = this;
    const mayHaveBegun = this.mayHaveBegun && !isUnsent;
    const end = { name, sentAtMs, trace, mayHaveBegun, ...(error !== undefined && { error }) };
    this.hear(() => this.context.onSettled?.(end));
  }

  protected hear(listen: () => void): void {
    try {
      listen();
    } catch (error) {
      this.context.onListenerFailure(error);
    }
  }

  protected measure(served: ServedTimes, replyBytes: number): CallTrace {
    const { sentAtMs, requestBytes } = this;
    const answeredAtMs = this.context.clock.now();
    this.trace = { sentAtMs, answeredAtMs, served, requestBytes, replyBytes };
    return this.trace;
  }
}

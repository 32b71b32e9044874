import { ExponentialBackoff, type IBackoff } from 'cockatiel';

export interface BackoffLimits {
  /** About so long is the pause after the second loss in a row; the first is made good at once. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** A loss after so long without one counts as the first. */
  readonly calmMs: number;
}

/** How long to wait before a lost session is replaced: longer each time, and never the same for all. */
export class Backoff {
  private step: IBackoff<unknown> | undefined;
  private lastLossMs = -Infinity;

  constructor(private readonly limits: BackoffLimits) {}

  /** Counts a loss; answers with the pause before the next start, in milliseconds. */
  lost(nowMs: number): number {
    const { firstMs: initialDelay, maxMs: maxDelay, calmMs } = this.limits;
    const isFirst = nowMs - this.lastLossMs >= calmMs;
    this.lastLossMs = nowMs;
    if (isFirst) {
      this.step = undefined;
      return 0;
    }
    this.step = this.step
      ? this.step.next(undefined)
      : new ExponentialBackoff({ initialDelay, maxDelay }).next();
    return this.step.duration;
  }
}

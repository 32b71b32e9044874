import type { Clock } from '../../server/shared/base/platform.ts';

const spanMs = 1_000;

/** So many calls a second are timed. A flood is not: its record would cost more than the calls. */
export class TimingBudget {
  private left: number;

  constructor(
    private readonly callsPerS: number,
    private readonly clock: Pick<Clock, 'after'>,
  ) {
    this.left = callsPerS;
  }

  /** Whether there is room for one more, without a look at the clock: in a flood that would cost too. */
  take(): boolean {
    if (this.left === 0) return false;
    if (this.left === this.callsPerS) {
      this.clock.after(spanMs, () => (this.left = this.callsPerS));
    }
    this.left--;
    return true;
  }
}

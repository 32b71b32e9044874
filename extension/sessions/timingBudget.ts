import type { Clock } from '../../server/shared/base/platform.ts';

const spanMs = 1_000;
/** A look at the clock costs a twentieth of the cheapest call. */
const callsBetweenLooks = 64;

/** So many calls a second are timed. A flood is not: its record would cost more than the calls. */
export class TimingBudget {
  private left: number;
  private spanStartedMs: number;
  private untilLook = 0;

  constructor(
    private readonly callsPerS: number,
    private readonly clock: Clock,
  ) {
    this.left = callsPerS;
    this.spanStartedMs = clock.now();
  }

  /** Whether there is room for one more. */
  take(): boolean {
    if (this.left === 0 && !this.hasNewSpan()) return false;
    this.left--;
    return true;
  }

  private hasNewSpan(): boolean {
    if (this.untilLook-- > 0) return false;
    this.untilLook = callsBetweenLooks;
    const nowMs = this.clock.now();
    if (nowMs - this.spanStartedMs < spanMs) return false;
    this.spanStartedMs = nowMs;
    this.left = this.callsPerS;
    this.untilLook = 0;
    return this.left > 0;
  }
}

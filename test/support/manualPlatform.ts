import type { Clock, Platform } from '../../server/shared/base/platform.ts';
import { nodePlatform } from '../../server/node/nodePlatform.ts';

interface Alarm {
  readonly atMs: number;
  readonly ring: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  private nowMs = 1_000;
  private readonly alarms = new Set<Alarm>();

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, ring: () => void) {
    const alarm = { atMs: this.nowMs + delayMs, ring };
    this.alarms.add(alarm);
    return { dispose: () => void this.alarms.delete(alarm) };
  }

  /** Alarms that would still ring. */
  get pending(): number {
    return this.alarms.size;
  }

  advance(byMs: number): void {
    const until = this.nowMs + byMs;
    for (;;) {
      const due = [...this.alarms].filter(({ atMs }) => atMs <= until);
      const next = due.sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.alarms.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.ring();
    }
    this.nowMs = until;
  }

  /** Time passes in which this process does nothing: what was due rings late, once. */
  sleep(forMs: number): void {
    this.nowMs += forMs;
    this.advance(0);
  }
}

/** Node's platform on a clock of the test's. */
export function manualPlatform(clock = new ManualClock()): Platform & { clock: ManualClock } {
  return { ...nodePlatform, clock };
}

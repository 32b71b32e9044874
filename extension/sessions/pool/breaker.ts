import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import type { Clock } from '../../../server/shared/base/platform.ts';

export interface BreakerLimits {
  /** So many sessions lost in a row, none of which answered a call, open the breaker. */
  readonly maxLosses: number;
  /** How long it stays open before one more session is tried. */
  readonly openMs: number;
}

/** One session's attempt to prove itself; the first word counts. */
export interface Trial {
  succeed(): void;
  fail(error: unknown): void;
}

/** Keeps sessions that would only be lost again from being started, for everyone under one share key. */
export class Breaker {
  private readonly policy: CircuitBreakerPolicy;
  private openedAtMs = 0;

  constructor(
    private readonly limits: BreakerLimits,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly onOpen: () => void,
    private readonly onClose: () => void,
  ) {
    this.policy = this.create();
  }

  /** Whether a session may be started now: it is closed, or it is time for one more try. */
  get allows(): boolean {
    switch (this.policy.state) {
      case CircuitState.Closed:
        return true;
      case CircuitState.Open:
        return this.remainingMs <= 0;
      default:
        return false; // the one try is under way
    }
  }

  /** How long until the next try. */
  get remainingMs(): number {
    return this.openedAtMs + this.limits.openMs - this.clock.now();
  }

  /** Whether it has opened, and no session has worked since. */
  get isOpen(): boolean {
    return this.policy.state !== CircuitState.Closed;
  }

  begin(): Trial {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined); // an open breaker does not look at it
    this.policy.execute(() => promise).catch(() => undefined); // whoever began it knows how it went
    return { succeed: () => resolve(), fail: reject };
  }

  private create(): CircuitBreakerPolicy {
    const policy = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(this.limits.maxLosses),
      halfOpenAfter: -Infinity, // whether it is time is told by our clock, which is never set back
    });
    policy.onBreak(() => {
      this.openedAtMs = this.clock.now();
      this.onOpen();
    });
    policy.onReset(() => this.onClose());
    return policy;
  }
}

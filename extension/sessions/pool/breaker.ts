import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  type CircuitBreakerPolicy,
} from 'cockatiel';

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
    private readonly onOpen: () => void,
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
    return this.openedAtMs + this.limits.openMs - Date.now();
  }

  begin(): Trial {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.policy.execute(() => promise).catch(() => undefined); // whoever began it knows how it went
    return { succeed: () => resolve(), fail: reject };
  }

  private create(): CircuitBreakerPolicy {
    const { maxLosses, openMs } = this.limits;
    const policy = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(maxLosses),
      halfOpenAfter: openMs,
    });
    policy.onBreak(() => {
      this.openedAtMs = Date.now();
      this.onOpen();
    });
    return policy;
  }
}

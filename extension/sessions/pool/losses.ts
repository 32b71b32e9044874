import type { Clock } from '../../../server/shared/base/platform.ts';
import { GreenroomError } from '../../../server/shared/errors.ts';
import { Backoff } from './backoff.ts';
import { Breaker, type Trial } from './breaker.ts';
import type { PoolPolicy } from './poolPolicy.ts';

/** A session that ended without being asked to, or never became ready. */
export interface Loss {
  readonly id: string;
  /** For people. */
  readonly why: string;
}

type LossLimits = Pick<PoolPolicy, 'breaker' | 'backoff'>;

/** What was lost under one share key, and what follows: pauses, and an end to trying for a while. */
export class Losses {
  private limits: LossLimits;
  private breaker: Breaker;
  private backoff: Backoff;
  private last: Loss | undefined;
  private lastAtMs = -Infinity;

  constructor(
    private readonly policy: () => LossLimits,
    private readonly clock: Clock,
    /** Nothing is started for a while; `last` is what was lost last. */
    private readonly onSuspended: (last: Loss) => void,
    /** One of them works again. */
    private readonly onResumed: () => void,
  ) {
    this.limits = policy();
    this.backoff = new Backoff(this.limits.backoff);
    this.breaker = this.createBreaker();
  }

  /** Whether there were none, or only some so long ago that nothing follows from them. */
  get areOver(): boolean {
    const { backoff, breaker } = this.limits;
    return this.clock.now() - this.lastAtMs >= Math.max(backoff.calmMs, breaker.openMs);
  }

  /** Whether a session may be started now. */
  get allowStart(): boolean {
    return this.breaker.allows;
  }

  /** Whether nothing is started but one session to try. */
  get isSuspended(): boolean {
    return this.breaker.isOpen;
  }

  beginTrial(): Trial {
    return this.breaker.begin();
  }

  add(loss: Loss): void {
    this.last = loss;
    this.lastAtMs = this.clock.now();
  }

  /** How long to wait with the replacement of what was lost just now. */
  pauseMs(): number {
    return this.backoff.lost(this.clock.now());
  }

  /** Everything begins anew, under the limits that hold now; what was begun before counts no more. */
  forgive(): void {
    this.limits = this.policy();
    this.backoff = new Backoff(this.limits.backoff);
    this.breaker = this.createBreaker();
    this.last = undefined;
    this.lastAtMs = -Infinity;
  }

  /** Why nothing is started. */
  unavailable(): GreenroomError {
    const { maxLosses } = this.limits.breaker;
    const seconds = Math.max(1, Math.ceil(this.breaker.remainingMs / 1_000));
    return new GreenroomError(
      'session.unavailable',
      `its sessions were lost ${maxLosses} times in a row; the last time, ${this.last?.why ?? 'for no known reason'}. ` +
        `The next try is in ${seconds} s`,
    );
  }

  private createBreaker(): Breaker {
    const breaker: Breaker = new Breaker(
      this.limits.breaker,
      this.clock,
      () => {
        if (breaker === this.breaker) this.onSuspended(this.last!);
      },
      () => {
        if (breaker === this.breaker) this.onResumed();
      },
    );
    return breaker;
  }
}

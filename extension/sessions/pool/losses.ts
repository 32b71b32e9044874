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

/** What was lost under one share key, and what follows: pauses, and an end to trying for a while. */
export class Losses {
  private readonly breaker: Breaker;
  private readonly backoff: Backoff;
  private last: Loss | undefined;

  constructor(
    private readonly policy: Pick<PoolPolicy, 'breaker' | 'backoff'>,
    private readonly clock: Clock,
    /** Nothing is started for a while; `last` is what was lost last. */
    onSuspended: (last: Loss) => void,
  ) {
    this.backoff = new Backoff(policy.backoff);
    this.breaker = new Breaker(policy.breaker, () => onSuspended(this.last!));
  }

  get areNone(): boolean {
    return this.last === undefined;
  }

  /** Whether a session may be started now. */
  get allowStart(): boolean {
    return this.breaker.allows;
  }

  beginTrial(): Trial {
    return this.breaker.begin();
  }

  add(loss: Loss): void {
    this.last = loss;
  }

  /** How long to wait with the replacement of what was lost just now. */
  pauseMs(): number {
    return this.backoff.lost(this.clock.now());
  }

  /** A person wants it to be tried again. */
  forgive(): void {
    this.breaker.reset();
    this.last = undefined;
  }

  /** Why nothing is started. */
  unavailable(): GreenroomError {
    const { maxLosses } = this.policy.breaker;
    const seconds = Math.max(1, Math.ceil(this.breaker.remainingMs / 1_000));
    return new GreenroomError(
      'session.unavailable',
      `its sessions were lost ${maxLosses} times in a row; the last time, ${this.last?.why ?? 'for no known reason'}. ` +
        `The next try is in ${seconds} s`,
    );
  }
}

import type { Clock } from '../../../server/shared/base/platform.ts';
import type { CloseReason } from '../../../server/shared/protocol/events.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import { whyRecycle, type RecyclingLimits } from './recycling.ts';
import type { Replica } from './replica.ts';

export interface RecyclerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: () => RecyclingLimits;
  /** Whether it is still one of those that are used, and another may be started. */
  readonly mayExchange: (replica: Replica) => boolean;
  /** Starts another and opens its tools. False when that was told to end before. */
  readonly startSuccessor: (why: string) => Promise<boolean>;
  readonly retire: (replica: Replica, reason: CloseReason) => void;
}

/** Exchanges replicas that are worn for fresh ones, between calls and without a gap. */
export class Recycler {
  constructor(private readonly parts: RecyclerParts) {}

  /** Somebody has used it. What is large from the start would be exchanged for ever otherwise. */
  used(replica: Replica): void {
    const { mayExchange, limits, log } = this.parts;
    const isHeld = replica.leases > replica.calls;
    if (isHeld || replica.wornBy !== undefined || !mayExchange(replica)) return;
    const why = whyRecycle(this.wearOf(replica), limits());
    if (why) runDetached(this.exchange(replica, why), 'recycling a session', log);
  }

  /** Nobody may be using it any more. */
  freed(replica: Replica): void {
    if (!replica.isLeaving || replica.leases > 0) return;
    this.parts.retire(replica, { kind: 'recycled', detail: replica.wornBy! });
  }

  private wearOf(replica: Replica) {
    return {
      ageMs: this.parts.clock.now() - replica.openedAtMs,
      calls: replica.ended,
      residentMb: replica.session?.residentMb,
    };
  }

  /** Its successor is ready before it leaves, and it leaves when nobody uses it any more. */
  private async exchange(replica: Replica, why: string): Promise<void> {
    replica.wornBy = why;
    using _hold = replica.hold();
    try {
      replica.isLeaving = await this.parts.startSuccessor(why);
    } finally {
      if (!replica.isLeaving) replica.wornBy = undefined; // it goes on, and its next call tries again
    }
  }
}

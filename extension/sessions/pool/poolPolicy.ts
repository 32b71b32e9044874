import { defaultSessionPolicy, type SessionPolicy } from '../sessionPolicy.ts';
import type { BackoffLimits } from './backoff.ts';
import type { BreakerLimits } from './breaker.ts';
import type { RecyclingLimits } from './recycling.ts';

/** Every bound that the pool works by, in one place. */
export interface PoolPolicy extends SessionPolicy {
  /** Calls that one process is given at once; the others wait for their turn. */
  readonly maxCallsAtOnce: number;
  /** Calls that may wait under one share key. */
  readonly maxQueuedCalls: number;
  /** A lost session is replaced although nobody asks for it. */
  readonly replacesLost: boolean;
  readonly backoff: BackoffLimits;
  readonly breaker: BreakerLimits;
  /** A session that has lived so long without answering a call counts as one that works. */
  readonly provenMs: number;
  readonly recycling: RecyclingLimits;
  /** Processes that are kept booted for nobody in particular. */
  readonly maxSpares: number;
}

export const defaultPoolPolicy: PoolPolicy = Object.freeze({
  ...defaultSessionPolicy,
  maxCallsAtOnce: 8,
  maxQueuedCalls: 1_000,
  replacesLost: true,
  backoff: { firstMs: 250, maxMs: 30_000, calmMs: 60_000 },
  breaker: { maxLosses: 5, openMs: 30_000 },
  provenMs: 10_000,
  recycling: { maxAgeMs: 0, maxCalls: 0, maxResidentMb: 0, memoryAfterCalls: 100 },
  maxSpares: 0,
});

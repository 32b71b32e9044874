import type { Settings } from './config/settings.ts';
import { defaultPoolPolicy, type PoolPolicy } from './sessions/pool/poolPolicy.ts';

/** The bounds of the pool as the user has set them. */
export function poolPolicyOf({ limits }: Settings): PoolPolicy {
  return {
    ...defaultPoolPolicy,
    startTimeoutMs: limits.startTimeoutMs,
    health: { slowMs: limits.slowMs, silenceMs: limits.silenceMs },
    maxCallsAtOnce: limits.maxCallsAtOnce,
    maxQueuedCalls: limits.maxQueuedCalls,
    maxSpares: limits.spares,
    breaker: { maxLosses: limits.maxLosses, openMs: limits.retryAfterMs },
    recycling: {
      ...defaultPoolPolicy.recycling,
      maxAgeMs: limits.recycleAgeMs,
      maxCalls: limits.recycleCalls,
      maxResidentMb: limits.recycleMemoryMb,
    },
  };
}

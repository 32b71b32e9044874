import type { Settings } from './config/settings.ts';
import { defaultPoolPolicy, type PoolPolicy } from './sessions/pool/poolPolicy.ts';

/** The bounds of the pool as the user has set them. */
export function poolPolicyOf({ limits }: Pick<Settings, 'limits'>): PoolPolicy {
  const longestPauseMs = Math.max(limits.restartDelayMs, limits.maxRestartDelayMs);
  return {
    ...defaultPoolPolicy,
    startTimeoutMs: limits.startTimeoutMs,
    openToolTimeoutMs: limits.toolTimeoutMs,
    graceMs: limits.graceMs,
    drainMs: limits.drainMs,
    endStepMs: limits.endStepMs,
    health: { slowMs: limits.slowMs, silenceMs: limits.silenceMs },
    serverSilenceMs: limits.serverSilenceMs,
    timedCallsPerS: 5_000,
    maxCallsAtOnce: limits.maxCallsAtOnce,
    maxQueuedCalls: limits.maxQueuedCalls,
    maxSpares: limits.spares,
    backoff: {
      firstMs: limits.restartDelayMs,
      maxMs: longestPauseMs,
      calmMs: 2 * longestPauseMs,
    },
    provenMs: limits.provenMs,
    idleProcessorMs: limits.idleProcessorMs,
    breaker: { maxLosses: limits.maxLosses, openMs: limits.retryAfterMs },
    recycling: {
      memoryAfterCalls: limits.recycleMemoryAfterCalls,
      maxAgeMs: limits.recycleAgeMs,
      maxCalls: limits.recycleCalls,
      maxResidentMb: limits.recycleMemoryMb,
    },
  };
}

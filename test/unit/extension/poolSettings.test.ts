import { expect, test } from 'vitest';
import type { Settings } from '../../../extension/config/settings.ts';
import { poolPolicyOf } from '../../../extension/poolSettings.ts';
import { defaultPoolPolicy } from '../../../extension/sessions/pool/poolPolicy.ts';

const limits: Settings['limits'] = {
  maxCallsAtOnce: 1,
  maxQueuedCalls: 2,
  spares: 3,
  recycleMemoryMb: 4,
  recycleMemoryAfterCalls: 20,
  recycleCalls: 5,
  recycleAgeMs: 6,
  startTimeoutMs: 7,
  toolTimeoutMs: 8,
  slowMs: 9,
  silenceMs: 10,
  serverSilenceMs: 22,
  graceMs: 11,
  drainMs: 12,
  endStepMs: 13,
  restartDelayMs: 14,
  maxRestartDelayMs: 15,
  provenMs: 16,
  maxLosses: 17,
  retryAfterMs: 18,
  idleProcessorMs: 19,
};

test('every limit that a user sets reaches the pool', () => {
  expect(poolPolicyOf({ limits })).toEqual({
    replacesLost: true,
    heldUpMs: defaultPoolPolicy.heldUpMs,
    usageCheckMs: defaultPoolPolicy.usageCheckMs,
    idleProcessorMs: 19,
    maxCallsAtOnce: 1,
    maxQueuedCalls: 2,
    maxSpares: 3,
    recycling: { maxResidentMb: 4, maxCalls: 5, maxAgeMs: 6, memoryAfterCalls: 20 },
    startTimeoutMs: 7,
    openToolTimeoutMs: 8,
    health: { slowMs: 9, silenceMs: 10 },
    serverSilenceMs: 22,
    timedCallsPerS: 5_000,
    graceMs: 11,
    drainMs: 12,
    endStepMs: 13,
    backoff: { firstMs: 14, maxMs: 15, calmMs: 30 },
    provenMs: 16,
    breaker: { maxLosses: 17, openMs: 18 },
  });
});

test('the longest pause before a restart is never shorter than the first', () => {
  const { backoff } = poolPolicyOf({ limits: { ...limits, maxRestartDelayMs: 1 } });
  expect(backoff).toEqual({ firstMs: 14, maxMs: 14, calmMs: 28 });
});

import { misuse, outOfRange } from '../../../server/shared/base/misuse.ts';
import { assertKnown } from '../../../server/shared/rpc/callOptions.ts';
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

/**
 * Throws a `TypeError` or `RangeError` for what is no part of a policy: it may lack bounds, but a group of
 * bounds is given whole.
 */
export function assertPoolPolicy(given: unknown): void {
  assertKnown('policy', given, new Set(Object.keys(defaultPoolPolicy)));
  for (const [name, value] of Object.entries(given as object)) {
    assertLike(`policy.${name}`, value, defaultPoolPolicy[name as keyof PoolPolicy]);
  }
}

function assertLike(name: string, given: unknown, model: unknown): void {
  if (typeof model === 'object') return assertGroup(name, given, model as Bounds);
  if (typeof model === 'boolean') {
    if (typeof given !== 'boolean') throw misuse(name, given, 'true or false');
  } else if (!(Number.isFinite(given) && (given as number) >= 0)) {
    throw outOfRange(name, given, 'a number from 0 on');
  }
}

function assertGroup(name: string, given: unknown, model: Bounds): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw misuse(name, given, 'an object');
  }
  assertKnown(name, given, new Set(Object.keys(model)));
  for (const bound of Object.keys(model)) {
    assertLike(`${name}.${bound}`, (given as Bounds)[bound], model[bound]);
  }
}

type Bounds = Readonly<Record<string, unknown>>;

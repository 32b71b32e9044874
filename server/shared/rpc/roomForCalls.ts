import type { Limits } from '../protocol/limits.ts';

type CallLimits = Pick<
  Limits,
  'maxPendingCalls' | 'maxWaitingCalls' | 'maxHeldBytes' | 'maxLightBytes'
>;

/**
 * Whether one side may make another call, whose message has so many bytes, while so many of its `calls` are not
 * answered, whose messages had `heldBytes` together. Each of the `opposite` ones, those of the other side that it
 * is to answer, may need one of its own to end: perhaps the last of those that would have to wait.
 */
export function hasRoomFor(
  bytes: number,
  limits: CallLimits,
  calls: number,
  heldBytes: number,
  opposite: number,
): boolean {
  const { maxPendingCalls, maxHeldBytes, maxLightBytes } = limits;
  const mayHold = calls <= opposite || heldBytes < maxHeldBytes * (1 + opposite);
  if (calls < maxPendingCalls + opposite) return mayHold || bytes <= maxLightBytes;
  return mayHold && opposite > 0 && calls < mostCalls(limits, opposite);
}

/** How many calls of one side there may be, sent or not: one more is refused where it is made. */
export function mostCalls(limits: CallLimits, opposite: number): number {
  return limits.maxPendingCalls + limits.maxWaitingCalls + opposite;
}

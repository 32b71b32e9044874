/** What a session has been through. */
export interface Wear {
  readonly ageMs: number;
  /** Calls of tools that have ended. */
  readonly calls: number;
  /** Resident memory of its process, where the system tells. */
  readonly residentMb: number | undefined;
}

/** Beyond which a session is exchanged for a fresh one; 0 means never. */
export interface RecyclingLimits {
  readonly maxAgeMs: number;
  readonly maxCalls: number;
  readonly maxResidentMb: number;
  /** Memory counts only after so many calls: a tool may need that much from the start. */
  readonly memoryAfterCalls: number;
}

/** Why a session should be exchanged, in words for a person; undefined while it should not. */
export function whyRecycle(wear: Wear, limits: RecyclingLimits): string | undefined {
  const { maxAgeMs, maxCalls, maxResidentMb, memoryAfterCalls } = limits;
  const isSettled = wear.calls >= memoryAfterCalls;
  if (isSettled && isBeyond(wear.residentMb ?? 0, maxResidentMb)) {
    return `it used ${Math.round(wear.residentMb ?? 0)} MB, more than ${maxResidentMb} MB`;
  }
  if (isBeyond(wear.calls, maxCalls)) return `it had answered ${wear.calls} calls`;
  if (isBeyond(wear.ageMs, maxAgeMs)) return `it was ${Math.round(wear.ageMs / 60_000)} min old`;
  return undefined;
}

function isBeyond(value: number, limit: number): boolean {
  return limit > 0 && value >= limit;
}

/** What is known of a replica when a caller is to be sent to one. */
export interface Load {
  readonly isReady: boolean;
  /** Calls that were sent to it and have not ended. */
  readonly calls: number;
  /** Callers who hold on to it. */
  readonly leases: number;
}

/** Where the next call should go: the replica with least to do that may take one more. */
export function chooseForCall<R extends Load>(
  replicas: Iterable<R>,
  maxCallsAtOnce: number,
): R | undefined {
  return leastLoaded([...replicas].filter(one => one.isReady && one.calls < maxCallsAtOnce));
}

/** Which replica a caller should hold on to; it need not be ready yet. */
export function chooseForLease<R extends Load>(replicas: Iterable<R>): R | undefined {
  return leastLoaded([...replicas]);
}

/** Whether starting one more replica would serve those who wait sooner. */
export function shouldGrow(
  replicas: Iterable<Load>,
  waiting: number,
  limits: { readonly maxReplicas: number; readonly maxCallsAtOnce: number },
): boolean {
  const all = [...replicas];
  if (all.length >= limits.maxReplicas) return false;
  const starting = all.filter(({ isReady }) => !isReady).length;
  return waiting > starting * limits.maxCallsAtOnce;
}

function leastLoaded<R extends Load>(replicas: readonly R[]): R | undefined {
  let best: R | undefined;
  for (const replica of replicas) if (!best || compare(replica, best) < 0) best = replica;
  return best;
}

function compare(one: Load, other: Load): number {
  return (
    Number(other.isReady) - Number(one.isReady) ||
    one.calls - other.calls ||
    one.leases - other.leases
  );
}

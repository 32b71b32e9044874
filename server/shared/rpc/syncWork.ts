/** Follows work through its waits, so that what it does can be told from what others do. */
export interface WorkScope<T> {
  /** Starts work that everything it does can be traced back to by `origin`. */
  run(origin: T, work: () => void): void;
  /** Starts what outlives the work in which it happens to be started: nothing of it is traced back. */
  outside<R>(work: () => R): R;
  /** The origin of what is being done now, if it was started with {@link run}. */
  current(): T | undefined;
}

/** A process that waits for one of its calls to be answered, and answers nothing meanwhile. */
export interface WaitingCaller {
  /** Whether it waits for the answer to this call. */
  isServing(call: number): boolean;
  /** Work that waits for calls to this process to end. */
  readonly delayed: readonly SyncWork[];
}

/** Serving a call whose caller waits: who waits for whom goes from the caller to this, and on from here. */
export class SyncWork {
  constructor(
    private readonly caller: WaitingCaller,
    private readonly call: number,
  ) {}

  get isUnderWay(): boolean {
    return this.caller.isServing(this.call);
  }

  /** Whether that process waits for this, or for what this keeps from ending. */
  holdsUp(caller: WaitingCaller, seen = new Set<SyncWork>()): boolean {
    if (!this.isUnderWay || seen.has(this)) return false;
    seen.add(this);
    return this.caller === caller || this.caller.delayed.some(work => work.holdsUp(caller, seen));
  }
}

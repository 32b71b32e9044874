import { isGreenroomError, RemoteError } from '../errors.ts';
import { CallFlag } from '../protocol/wire.ts';
import { keepError, markSeen, type Fate } from './fates.ts';
import { handleOf } from './handle.ts';
import type { shell } from './member.ts';
import { describeRemote, Member, ShellHandler } from './member.ts';
import type { Unsettled } from './outbox.ts';
import type { Port } from './port.ts';
import { released } from './remoteObject.ts';
import type { TimedCall } from './timedCall.ts';
import type { TracedCall } from './tracedCall.ts';

export const enum CallState {
  /** In a frame that has not left, or waiting for room or for another call. */
  open,
  sent,
  /** The other side has the result and keeps it; this side has not asked for it. */
  kept,
  succeeded,
  failed,
}

/**
 * One call from the side that makes it, and the handler of the proxy that its caller gets: to be
 * awaited, or used as if the result were there already.
 */
export class OutgoingCall extends ShellHandler implements ProxyHandler<typeof shell>, Unsettled {
  state: CallState = CallState.open;
  id = 0;
  /** Of its message, with what goes beside it. */
  bytes = 0;
  /** The result; or why there is none. */
  value: unknown;
  /** There when its times are wanted; and the same, when it can be given up. */
  timed: TimedCall | undefined;
  traced: TracedCall | undefined;
  fate: Fate | undefined;
  /** Calls that can be given up and whose results it uses, until it is answered. */
  needs: readonly OutgoingCall[] | undefined;
  /** Which call it depended on has failed, by its id; undefined when it has failed by itself. */
  failedId: number | undefined;
  /** Its result has come, though parts of it may still be filled in. */
  hasCome = false;
  /** Where the flags stand in the frame; they are decided when it leaves. */
  flagsAt = 0;
  /** A message uses the result, or would have: it is kept for that. */
  isUsed = false;
  /** A message that uses the result has left: what comes of that tells of a failure. */
  isPassedOn = false;
  /** Whoever made the call has said that its result is no longer needed. */
  isGivenBack = false;
  /** How many calls wait that use it; it is dropped only after these, if that was asked for. */
  private holds = 0;
  private isDropDue = false;
  /** It waits for its turn to be sent; and was given up meanwhile. */
  isWaiting = false;
  isCancelled = false;
  /** How many answers are still to come: one of the call, one each time the result was asked for. */
  answersDue = 1;
  /** It has been asked for its result, which is not there yet. */
  isPullSent = false;
  /** Whether it counts among the calls that have no answer. */
  isUnderWay = true;
  private flags = 0;
  private promise: Promise<unknown> | undefined;
  private resolve: ((value: unknown) => void) | undefined;
  private reject: ((error: unknown) => void) | undefined;

  constructor(
    readonly port: Port,
    /** For people: what was called. */
    readonly name: string,
    /** Makes of the answer what the caller gets. */
    private readonly convert?: (answer: unknown) => unknown,
  ) {
    super();
  }

  /** The call has been written. */
  place(flags: number, flagsAt: number): void {
    this.flags = flags;
    this.flagsAt = flagsAt;
  }

  /** It has neither left nor failed. */
  get isUnsent(): boolean {
    return this.state === CallState.open;
  }

  /** Why there is no result, once it is known that there is none. */
  get failure(): Error {
    return this.value as Error;
  }

  /** The same for a call that needs the result, which tells of it: it says which call has failed. */
  tellFailure(): Error {
    if (this.fate) markSeen(this.fate);
    return isGreenroomError(this.failure) ? this.failure.of(this.name) : this.failure;
  }

  /** Whether nothing of the other side is needed any more to have the result, or to know why there is none. */
  get isThere(): boolean {
    return this.hasCome || this.state >= CallState.succeeded;
  }

  get isAwaited(): boolean {
    return this.promise !== undefined;
  }

  /** Whether its first answer is the result, and not just word that the result is there. */
  get isWanted(): boolean {
    return (this.flags & CallFlag.want) !== 0;
  }

  get isKept(): boolean {
    return (this.flags & CallFlag.keep) !== 0;
  }

  /**
   * Another call uses the result, which must be kept for it. False when it is too late to ask for
   * that: the result is on its way here then. Throws `reference.released` for one that was given back.
   */
  use(): boolean {
    if (this.isGivenBack) throw released();
    this.isUsed = true;
    return this.isUnsent ? this.id > 0 : this.isKept;
  }

  /** A message that uses the result has left. */
  passOn(): void {
    this.isPassedOn = true;
    if (this.fate) markSeen(this.fate);
  }

  /** Has the result kept as long as another call waits that uses it; the answer ends that. */
  hold(): () => void {
    this.holds++;
    return () => {
      if (--this.holds === 0 && this.isDropDue) this.port.drop(this);
    };
  }

  /** Nobody needs the result any more. Answers whether that holds from now on, and not only later. */
  giveBack(): boolean {
    this.isDropDue = this.holds > 0;
    return (this.isGivenBack = !this.isDropDue);
  }

  settle(bytes: Uint8Array): void {
    if (this.isAwaited) this.flags |= CallFlag.want;
    if (this.isUsed || !this.isAwaited) this.flags |= CallFlag.keep;
    bytes[this.flagsAt] = this.flags;
  }

  /** What can be done later is not done before the other side has the call. */
  left(): void {
    if (this.isUnsent) this.state = CallState.sent;
    if (this.isKept) this.port.watchAbandoned(this);
  }

  /** The promise of the result; asks for it when it was not asked for so far. */
  result(): Promise<unknown> {
    if (this.promise) return this.promise;
    if (this.fate) markSeen(this.fate);
    if (this.state === CallState.succeeded) return (this.promise = Promise.resolve(this.value));
    if (this.state === CallState.failed) {
      return (this.promise = Promise.reject(this.failure));
    }
    if (this.isGivenBack) return (this.promise = Promise.reject(released()));
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    if (!this.isUnsent) this.port.pull(this);
    return this.promise;
  }

  /** The same for whoever begins to wait now, who may be one that it waits for. */
  awaited(): Promise<unknown> {
    return this.isThere ? this.result() : this.port.waitFor(this);
  }

  /** Also a call that was given up may be answered. */
  succeed(answer: unknown): void {
    if (this.state === CallState.failed) return;
    let value = answer;
    try {
      if (this.convert) value = this.convert(answer);
    } catch (error) {
      return this.fail(error);
    }
    this.state = CallState.succeeded;
    this.value = value;
    this.resolve?.(value);
    this.timed?.settled();
  }

  /** The first failure is the one that everybody is told. */
  fail(error: unknown): void {
    if (this.state === CallState.failed) return;
    const { isUnsent } = this;
    this.state = CallState.failed;
    this.value = error;
    this.needs = undefined;
    if (this.fate) keepError(this.fate, error);
    this.reject?.(error);
    this.timed?.settled(error, isUnsent);
  }

  get(_shell: unknown, key: string | symbol): unknown {
    switch (key) {
      case handleOf:
        return this;
      case 'then':
        return (...listeners: Parameters<Promise<unknown>['then']>) =>
          this.awaited()
            .catch(withWaiters)
            .then(...listeners);
      case 'catch':
        return (listener: (error: unknown) => unknown) =>
          this.awaited().catch(withWaiters).catch(listener);
      case 'finally':
        return (listener: () => void) => this.awaited().catch(withWaiters).finally(listener);
      case Symbol.dispose:
        return () => this.port.drop(this);
      case 'batch':
      case 'with':
      case 'sync':
        // It may be a function that the call brings.
        return (Member.of(this, []) as Readonly<Record<string, object>>)[key];
      case Symbol.toPrimitive:
        return describeRemote;
      default:
        return typeof key === 'symbol' ? undefined : Member.of(this, [key]);
    }
  }

  set(_shell: unknown, key: string | symbol, value: unknown): boolean {
    if (typeof key === 'symbol') return false;
    this.port.put(this, [key], value);
    return true;
  }

  apply(_shell: unknown, _self: unknown, args: readonly unknown[]): object {
    return this.port.call(this, [], args);
  }

  construct(_shell: unknown, args: readonly unknown[]): object {
    return this.port.construct(this, [], args);
  }
}

/** Calls back when all results are there; or when one has failed, with that. */
export function whenThere(
  calls: readonly OutgoingCall[],
  goOn: (failed: OutgoingCall | undefined) => void,
): void {
  let missing = calls.length;
  for (const call of calls) {
    call.awaited().then(
      () => {
        if (--missing === 0) goOn(undefined);
      },
      () => {
        if (missing > 0) goOn(call);
        missing = 0;
      },
    );
  }
}

/**
 * Gives an error of the other side the stack of who waits for it here. The engine knows it only while
 * it settles the promise that they wait for, which is why this costs nothing until then.
 */
function withWaiters(error: unknown): never {
  if (error instanceof RemoteError && !error.hasCallerStack) error.captureCaller();
  throw error;
}

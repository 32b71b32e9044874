import type { DisposableLike } from '../base/disposable.ts';
import type { Clock } from '../base/platform.ts';
import type { GreenroomError } from '../errors.ts';
import type { CallId } from '../protocol/messages.ts';

/**
 * What a call that was given up does to its session: `blocked`, the process does not even acknowledge
 * the cancellation; `ignoring`, it does, and the call goes on all the same.
 */
export type Stuck = 'blocked' | 'ignoring';

interface PendingCall<T> {
  resolve(value: T): void;
  reject(error: Error): void;
  hasStarted: boolean;
  /** Why the caller gave up, once it has. */
  abandoned?: GreenroomError;
  /** Ends the grace that the call has at the moment. */
  grace?: DisposableLike;
}

/**
 * Calls that wait for their answer. One that was given up before it started fails its caller at once
 * and harms nobody. One that runs has the grace period to acknowledge, which fails its caller, and as
 * long again to end; what it does beyond that is reported.
 */
export class PendingCalls<T> {
  private readonly open = new Map<CallId, PendingCall<T>>();

  constructor(
    private readonly clock: Clock,
    private readonly graceMs: number,
    private readonly onStuck: (how: Stuck) => void,
  ) {}

  get size(): number {
    return this.open.size;
  }

  add(id: CallId): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.open.set(id, { resolve, reject, hasStarted: false });
    });
  }

  has(id: CallId): boolean {
    return this.open.has(id);
  }

  /** The other side has begun to run the call; false when no call with this id waits. */
  started(id: CallId): boolean {
    const call = this.open.get(id);
    if (!call) return false;
    call.hasStarted = true;
    if (call.abandoned) this.watch(call, 'blocked'); // the cancellation crossed the start
    return true;
  }

  /** The caller gives up, with this as the reason it will see. */
  abandon(id: CallId, reason: GreenroomError): void {
    const call = this.open.get(id);
    if (!call || call.abandoned) return;
    call.abandoned = reason;
    if (call.hasStarted) this.watch(call, 'blocked');
    else call.reject(reason);
  }

  /** The other side has seen the cancellation of a call that runs. */
  acknowledged(id: CallId): void {
    const call = this.open.get(id);
    if (!call?.abandoned) return;
    call.reject(call.abandoned);
    this.watch(call, 'ignoring');
  }

  /** Settles with an answer; false when no call with this id waits. */
  answer(id: CallId, answer: T): boolean {
    const call = this.open.get(id);
    if (!call) return false;
    this.open.delete(id);
    call.grace?.dispose();
    if (call.abandoned) call.reject(call.abandoned);
    else call.resolve(answer);
    return true;
  }

  /** Nothing more will come: every call fails, an abandoned one for the reason it was abandoned. */
  failAll(error: Error): void {
    const calls = [...this.open.values()];
    this.open.clear();
    for (const call of calls) {
      call.grace?.dispose();
      call.reject(call.abandoned ?? error);
    }
  }

  private watch(call: PendingCall<T>, how: Stuck): void {
    call.grace?.dispose();
    call.grace = this.clock.after(this.graceMs, () => this.onStuck(how));
  }
}

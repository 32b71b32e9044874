import type { DisposableLike } from '../base/disposable.ts';
import type { Clock } from '../base/platform.ts';
import type { GreenroomError } from '../errors.ts';
import type { CallId } from '../protocol/messages.ts';

interface PendingCall<T> {
  resolve(value: T): void;
  reject(error: Error): void;
  /** Why the caller gave up, once it has. */
  abandoned?: GreenroomError;
}

/**
 * Calls that wait for their answer, oldest first. The other side works in order, so only the oldest
 * call can be the one that keeps it busy: an abandoned call that is oldest has the grace period to
 * end; one that merely waits behind others fails its caller at once and harms nobody.
 */
export class PendingCalls<T> {
  private readonly open = new Map<CallId, PendingCall<T>>();
  private grace: { readonly id: CallId; readonly timer: DisposableLike } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly graceMs: number,
    private readonly onStuck: () => void,
  ) {}

  get size(): number {
    return this.open.size;
  }

  add(id: CallId): Promise<T> {
    return new Promise<T>((resolve, reject) => this.open.set(id, { resolve, reject }));
  }

  has(id: CallId): boolean {
    return this.open.has(id);
  }

  /** Settles with an answer; false when no call with this id waits. */
  answer(id: CallId, answer: T): boolean {
    const call = this.open.get(id);
    if (!call) return false;
    this.open.delete(id);
    if (call.abandoned) call.reject(call.abandoned);
    else call.resolve(answer);
    this.watchOldest();
    return true;
  }

  /** The caller gives up, with this as the reason it will see. */
  abandon(id: CallId, reason: GreenroomError): void {
    const call = this.open.get(id);
    if (!call || call.abandoned) return;
    call.abandoned = reason;
    if (this.oldest() !== id) call.reject(reason);
    this.watchOldest();
  }

  /** Nothing more will come: every call fails, an abandoned one for the reason it was abandoned. */
  failAll(error: Error): void {
    const calls = [...this.open.values()];
    this.open.clear();
    this.watchOldest();
    for (const call of calls) call.reject(call.abandoned ?? error);
  }

  private watchOldest(): void {
    const id = this.oldest();
    if (this.grace && this.grace.id !== id) {
      this.grace.timer.dispose();
      this.grace = undefined;
    }
    if (id === undefined || this.grace || !this.open.get(id)?.abandoned) return;
    this.grace = { id, timer: this.clock.after(this.graceMs, this.onStuck) };
  }

  private oldest(): CallId | undefined {
    return this.open.keys().next().value;
  }
}

import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import {
  longestDelayMs,
  type CancelSignal,
  type Platform,
} from '../../../server/shared/base/platform.ts';
import { GreenroomError } from '../../../server/shared/errors.ts';

interface Waiter<T> {
  serve(value: T): void;
  fail(error: Error): void;
}

export interface Patience {
  readonly signal?: CancelSignal | undefined;
  /** How long from now; for ever, when absent. */
  readonly forMs?: number | undefined;
}

/** Callers who wait for something scarce: first come, first served, and no more than so many. */
export class WaitingLine<T> {
  private readonly waiters = new Set<Waiter<T>>();
  /** As long as somebody waits, the process must not end. */
  private held: DisposableLike | undefined;

  constructor(
    private readonly platform: Pick<Platform, 'clock' | 'hold'>,
    private readonly maxLength: () => number,
  ) {}

  get length(): number {
    return this.waiters.size;
  }

  /** Throws `queue.full` at once, `call.cancelled` when the signal fires, `call.deadline` in time. */
  join({ signal, forMs }: Patience): Promise<T> {
    if (signal?.aborted) return Promise.reject(noLongerWanted(signal));
    if (this.waiters.size >= this.maxLength()) return Promise.reject(full(this.waiters.size));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let timer: DisposableLike | undefined;
    const leave = () => {
      this.waiters.delete(waiter);
      signal?.removeEventListener('abort', onAbort);
      timer?.dispose();
      if (this.waiters.size === 0) this.letGo();
    };
    const waiter: Waiter<T> = {
      serve: value => (leave(), resolve(value)),
      fail: error => (leave(), reject(error)),
    };
    const onAbort = () => waiter.fail(noLongerWanted(signal!));
    signal?.addEventListener('abort', onAbort, { once: true });
    if (forMs !== undefined && forMs <= longestDelayMs) {
      timer = this.platform.clock.after(forMs, () => waiter.fail(tooLong(forMs)));
    }
    this.waiters.add(waiter);
    this.held ??= this.platform.hold();
    return promise;
  }

  /** Gives it to whoever came first; nobody may be waiting, which is told by false. */
  serve(value: T): boolean {
    const [first] = this.waiters;
    first?.serve(value);
    return first !== undefined;
  }

  failAll(error: Error): void {
    for (const waiter of [...this.waiters]) waiter.fail(error);
  }

  private letGo(): void {
    this.held?.dispose();
    this.held = undefined;
  }
}

function noLongerWanted({ reason }: CancelSignal): GreenroomError {
  return new GreenroomError('call.cancelled', 'the session was no longer wanted', {
    cause: reason,
  });
}

function full(length: number): GreenroomError {
  return new GreenroomError('queue.full', `${length} calls wait for this session already`);
}

function tooLong(waitedMs: number): GreenroomError {
  return new GreenroomError(
    'call.deadline',
    `no session was free within ${Math.round(waitedMs)} ms; the call was not made`,
  );
}

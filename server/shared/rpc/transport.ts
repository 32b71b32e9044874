import type { DisposableLike } from '../base/disposable.ts';
import type { Event } from '../base/event.ts';

/** Why no more frames will come. `error` is absent when the other side just closed. */
export interface TransportEnd {
  readonly error?: Error;
  /** Whether the other side may have said something before that was never read. */
  readonly isCutOff?: boolean;
}

/** Moves frames and knows nothing else: no ids, no methods, no retries. */
export interface Transport extends DisposableLike {
  /** Gives the body of a frame, valid only during the call. */
  readonly onFrame: Event<Uint8Array>;
  /** Fires exactly once. */
  readonly onEnd: Event<TransportEnd>;
  /**
   * Sends a frame, whose first four bytes are its length. Answers nothing when it has left and its
   * bytes may be used again; false when nothing of it will ever arrive; else a promise that resolves
   * to true when it has left, and to false when it is known that it will not.
   */
  send(frame: Uint8Array): Promise<boolean> | false | undefined;
}

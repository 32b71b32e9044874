import type { DisposableLike } from '../base/disposable.ts';
import type { Event } from '../base/event.ts';

/** Why no more frames will come. `error` is absent when the other side just closed. */
export interface TransportEnd {
  readonly error?: Error;
}

/** Moves frames and knows nothing else: no ids, no methods, no retries. */
export interface Transport extends DisposableLike {
  readonly onFrame: Event<Uint8Array>;
  /** Fires exactly once. */
  readonly onEnd: Event<TransportEnd>;
  /** Resolves when there is room to send again, not when the other side has read the frame. */
  send(frame: Uint8Array): Promise<void>;
}

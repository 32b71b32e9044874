import type { DisposableLike } from './disposable.ts';

/** The part of `AbortSignal` that code without a platform may use. Every `AbortSignal` fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The firing side of a {@link CancelSignal}. */
export interface CancelSource<S extends CancelSignal = CancelSignal> {
  readonly signal: S;
  abort(): void;
}

/** Time as a parameter, so that rules about time are tested without waiting. */
export interface Clock {
  /** Milliseconds on the machine's monotonic clock, comparable between processes of one machine. */
  now(): number;
  /** Runs `task` once after `delayMs`, unless disposed before. Never keeps the process alive by itself. */
  after(delayMs: number, task: () => void): DisposableLike;
}

/** What `server/shared` needs of the machine it runs on and may not name itself. */
export interface Platform {
  readonly clock: Clock;
  createCancelSource(): CancelSource;
  /** Runs `task` in a later turn of the event loop, after waiting input had its chance. */
  nextTurn(task: () => void): void;
  encodeText(text: string): Uint8Array;
  /** Throws when the bytes are not well-formed UTF-8. */
  decodeText(bytes: Uint8Array): string;
}

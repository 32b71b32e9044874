import type { DisposableLike } from './disposable.ts';

/** The part of `AbortSignal` that code without a platform may use. Every `AbortSignal` fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** What it was fired with. */
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The firing side of a {@link CancelSignal}. */
export interface CancelSource<S extends CancelSignal = CancelSignal> {
  readonly signal: S;
  abort(): void;
}

/** Timers take no more, and nobody waits for longer: about 24 days. */
export const longestDelayMs = 2 ** 31 - 1;

/** Time as a parameter, so that rules about time are tested without waiting. */
export interface Clock {
  /** Milliseconds on the machine's monotonic clock, comparable between processes of one machine. */
  now(): number;
  /** Runs `task` once after `delayMs`, unless disposed before. Never keeps the process alive by itself. */
  after(delayMs: number, task: () => void): DisposableLike;
}

/** Text as bytes. Positions and lengths are in bytes. */
export interface TextCoding {
  /** Writes UTF-8 at `at`, where there is room for three bytes a character; answers how many it took. */
  write(text: string, into: Uint8Array, at: number): number;
  /** Throws when the bytes are not well-formed UTF-8. */
  read(bytes: Uint8Array, from: number, to: number): string;
}

/** What `server/shared` needs of the machine it runs on and may not name itself. */
export interface Platform {
  readonly clock: Clock;
  readonly text: TextCoding;
  createCancelSource(): CancelSource;
  isCancelSignal(value: object): value is CancelSignal;
  /**
   * Memory that need not be cleared: whoever asks for it fills it. It may be of a class that extends
   * `Uint8Array` and whose `slice` does not copy.
   */
  allocate(bytes: number): Uint8Array<ArrayBuffer>;
  /** Runs `task` when nothing is left to do in this turn of the event loop. */
  endOfTurn(task: () => void): void;
  /** Keeps this process running until it is disposed; timers of the clock do not. */
  hold(): DisposableLike;
  /** Runs `task` in a later turn of the event loop, after waiting input had its chance. */
  nextTurn(task: () => void): void;
}

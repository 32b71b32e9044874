import { toDisposable, type DisposableLike } from './disposable.ts';

/** Subscribes a listener; the result ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => DisposableLike;

/**
 * The firing side of an {@link Event}. A listener that throws does not keep the others from hearing;
 * the first failure is thrown when all have heard, unless someone takes failures.
 */
export class Emitter<T> implements DisposableLike {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private readonly onListenerError?: (error: unknown) => void) {}

  readonly event: Event<T> = listener => {
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return toDisposable(() => void this.listeners.delete(entry));
  };

  fire(value: T): void {
    const failures: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        if (this.onListenerError) this.onListenerError(error);
        else failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  dispose(): void {
    this.listeners.clear();
  }
}

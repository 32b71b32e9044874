/**
 * Gives up a call as long as it waits for its turn. One that runs may finish, and its result is
 * dropped: a linter cannot be interrupted, and ending its process would cost all that is warm there.
 */
export class Withdrawal {
  private readonly controller = new AbortController();
  private isRunning = false;
  private isDone = false;

  /** Nobody wants the result any more. */
  get isWithdrawn(): boolean {
    return this.isDone;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** To be called when the call begins on the other side. */
  readonly onStart = () => {
    this.isRunning = true;
  };

  withdraw(): void {
    this.isDone = true;
    if (!this.isRunning) this.controller.abort();
  }
}

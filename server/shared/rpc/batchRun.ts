import type { CancelSignal } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import { BatchOutcome } from './batchOutcome.ts';
import { isThenable } from './thenables.ts';

/** How long what is served may go on before everything else has its chance. */
export interface Turn {
  readonly isOver: boolean;
  /** Nobody waits for anything any more. */
  readonly isAbandoned: boolean;
  /** Goes on in a later one, before everything that came behind it. */
  next(goOn: () => void): void;
}

/** Looking at the clock costs as much as the smallest item; of slow ones, each is followed by a look. */
const itemsBetweenLooks = 16;

/** A batch that is being served. */
export class BatchRun {
  private readonly outcome: BatchOutcome;
  private looksAt = 1;
  private stride = 1;
  private hasWaited = false;

  constructor(
    private readonly items: readonly (readonly unknown[])[],
    runsAll: boolean,
    private readonly call: (args: readonly unknown[]) => unknown,
    private readonly turn: Turn,
    private readonly signal?: CancelSignal,
  ) {
    this.outcome = new BatchOutcome(runsAll);
  }

  /**
   * Runs one call after the other, without leaving the turn as long as none of them waits and it is not
   * over. Throws `call.cancelled` when nobody wants the others any more.
   */
  run(): BatchOutcome | Promise<BatchOutcome> {
    const { outcome } = this;
    while (outcome.length < this.items.length) {
      if (this.signal?.aborted || this.turn.isAbandoned) throw cancelledBetween();
      const number = outcome.length;
      if (number === this.looksAt && this.looksOver(number)) return this.goOnLater();
      try {
        const result = this.call(this.items[number]!);
        if (isThenable(result)) return this.goOnAfter(result);
        outcome.add(result);
      } catch (error) {
        if (!outcome.fail(error)) break;
      }
    }
    return outcome;
  }

  private looksOver(number: number): boolean {
    const { isOver } = this.turn;
    // What has been waited for comes long after its turn has begun, and says nothing about slow items.
    const isSlow = isOver && !this.hasWaited;
    this.stride = isSlow ? 1 : Math.min(2 * this.stride, itemsBetweenLooks);
    this.looksAt = number + this.stride;
    this.hasWaited = false;
    return isOver;
  }

  private goOnLater(): Promise<BatchOutcome> {
    return new Promise(resolve => this.turn.next(() => resolve(this.goOn())));
  }

  /** The first items run at once. Being asynchronous, it rejects with what the others would throw. */
  private async goOn(): Promise<BatchOutcome> {
    return this.run();
  }

  private goOnAfter(result: PromiseLike<unknown>): Promise<BatchOutcome> {
    this.hasWaited = true;
    return Promise.resolve(result).then(
      value => {
        this.outcome.add(value);
        return this.run();
      },
      (error: unknown) => (this.outcome.fail(error) ? this.run() : this.outcome),
    );
  }
}

function cancelledBetween(): GreenroomError {
  return new GreenroomError('call.cancelled', 'the batch was cancelled between two items');
}

import { clip } from '../base/clip.ts';
import { misuse } from '../base/misuse.ts';
import type { CancelSignal } from '../base/platform.ts';
import { GreenroomError, RemoteError, type WireError } from '../errors.ts';
import { errorLimits, toWireError } from '../toldErrors.ts';
import { violation } from '../protocol/violation.ts';
import { parseWireError } from '../protocol/wireError.ts';
import { isThenable } from './thenables.ts';
import { byValue, Marked, withoutMark } from './values/policy.ts';

/** An item of a batch failed, and those behind it were not run. */
export class BatchError extends RemoteError {
  constructor(
    wire: WireError,
    /** Which item failed, counted from 0. */
    readonly index: number,
    /** What the items before it have brought. */
    readonly results: readonly unknown[],
  ) {
    super(wire);
    this.name = 'BatchError';
  }
}

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

/** Characters that the failures of one batch are told with; those beyond are told without stacks and causes. */
const maxToldText = 4 * 1024 * 1024;

/** A batch on the side that serves it, and how it went so far. */
export class BatchRun {
  private readonly results: unknown[] = [];
  private readonly failures: [number, WireError][] = [];
  private toldText = 0;
  private looksAt = 1;
  private stride = 1;
  private hasWaited = false;

  constructor(
    private readonly items: readonly (readonly unknown[])[],
    private readonly runsAll: boolean,
    private readonly call: (args: readonly unknown[]) => unknown,
    private readonly turn: Turn,
    private readonly signal?: CancelSignal,
  ) {}

  /**
   * Runs one call after the other, without leaving the turn as long as none of them waits and it is not
   * over. Throws `call.cancelled` when nobody wants the others any more.
   */
  run(): this | Promise<this> {
    while (this.results.length < this.items.length) {
      if (this.signal?.aborted || this.turn.isAbandoned) throw cancelledBetween();
      const number = this.results.length;
      if (number === this.looksAt && this.looksOver(number)) return this.goOnLater();
      try {
        const result = this.call(this.items[number]!);
        if (isThenable(result)) return this.goOnAfter(result);
        this.results.push(result);
      } catch (error) {
        if (!this.failed(error)) break;
      }
    }
    return this;
  }

  /**
   * What the other side is told: the results, and which items failed with what. Policies hold for what
   * the items bring, not for the lists that hold it.
   */
  get answer(): unknown {
    const failures = this.failures.map(([index, error]) => byValue([index, wholeByValue(error)]));
    return byValue([byValue(this.results), byValue(failures)]);
  }

  /**
   * Takes what cannot be sent for the failure of its item, and answers whether there was any. The items behind
   * it have run then, also of a batch that stops.
   */
  refuse(whyNot: (result: unknown) => unknown): boolean {
    const before = this.failures.length;
    for (const [index, result] of this.results.entries()) {
      const error = isAtom(result) ? undefined : whyNot(result);
      if (error === undefined) continue;
      this.failures.push([index, this.tell(error)]);
      this.results[index] = undefined;
      if (this.runsAll) continue;
      this.results.length = index;
      this.failures.splice(0, before);
      return true;
    }
    return this.failures.length > before;
  }

  /** What other calls use; throws {@link BatchError} when an item has stopped it. */
  get outcome(): unknown {
    return this.outcomeOf(this.results.map(withoutMark));
  }

  get hasMarks(): boolean {
    return this.results.some(item => item instanceof Marked);
  }

  /** The same, with the marks of the results. */
  get markedOutcome(): unknown {
    return this.outcomeOf(this.results);
  }

  private outcomeOf(results: readonly unknown[]): unknown {
    return outcomeOf(results, new Map(this.failures), this.runsAll);
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

  private goOnLater(): Promise<this> {
    return new Promise(resolve => this.turn.next(() => resolve(this.goOn())));
  }

  /** The first items run at once. Being asynchronous, it rejects with what the others would throw. */
  private async goOn(): Promise<this> {
    return this.run();
  }

  private goOnAfter(result: PromiseLike<unknown>): Promise<this> {
    this.hasWaited = true;
    return Promise.resolve(result).then(
      value => {
        this.results.push(value);
        return this.run();
      },
      (error: unknown) => (this.failed(error) ? this.run() : this),
    );
  }

  /** Answers whether the batch goes on. */
  private failed(error: unknown): boolean {
    this.failures.push([this.results.length, this.tell(error)]);
    if (this.runsAll) this.results.push(undefined);
    return this.runsAll;
  }

  private tell(error: unknown): WireError {
    const told = toWireError(error);
    if (this.toldText > maxToldText) return inBrief(told);
    this.toldText += JSON.stringify(told).length;
    return told;
  }
}

/** What can always be sent, and takes little. */
function isAtom(value: unknown): boolean {
  return value === null || ['undefined', 'number', 'boolean'].includes(typeof value);
}

function inBrief({ name, message, code }: WireError): WireError {
  return { name, message: clip(message, errorLimits.name), ...(code !== undefined && { code }) };
}

function cancelledBetween(): GreenroomError {
  return new GreenroomError('call.cancelled', 'the batch was cancelled between two items');
}

/** The arguments of each call, as they are now. Throws a `TypeError` for what is no list of lists. */
export function listItems(given: Iterable<Iterable<unknown>>): readonly (readonly unknown[])[] {
  if (!isList(given)) throw misuse('the batch', given, 'a list of lists of arguments');
  return [...given].map((args, index) => {
    if (isList(args)) return [...args];
    throw misuse(`item ${index} of the batch`, args, 'a list of arguments');
  });
}

/** A text can be iterated too, but is a single argument that somebody forgot to put into a list. */
function isList(given: unknown): given is Iterable<unknown> {
  return typeof given === 'object' && given !== null && Symbol.iterator in given;
}

/** Makes of the answer what the caller gets; throws {@link BatchError} when an item has stopped it. */
export function unpackBatch(answer: unknown, items: number, settles: boolean): unknown {
  if (!Array.isArray(answer)) throw violation('the answer to a batch is no list');
  const [results, failures] = answer as unknown[];
  if (!Array.isArray(results) || !Array.isArray(failures)) throw misfit();
  const errors = new Map((failures as unknown[]).map(failure => parseFailure(failure, items)));
  // The first failure stops a batch that does not settle: there is a result for each item before it.
  const [stoppedAt] = settles ? [] : errors.keys();
  if (results.length !== (stoppedAt ?? items) || (!settles && failures.length > 1)) throw misfit();
  return outcomeOf(results, errors, settles);
}

function parseFailure(failure: unknown, items: number): [number, WireError] {
  if (!Array.isArray(failure)) throw misfit();
  const [index, error] = failure as unknown[];
  if (typeof index !== 'number' || !(index >= 0 && index < items && index % 1 === 0))
    throw misfit();
  return [index, parseWireError(error)];
}

function misfit(): GreenroomError {
  return violation('the answer to a batch does not fit it');
}

function outcomeOf(
  results: readonly unknown[],
  errors: ReadonlyMap<number, WireError>,
  settles: boolean,
): unknown {
  if (settles) {
    return results.map((value, index): PromiseSettledResult<unknown> => {
      const wire = errors.get(index);
      return wire
        ? { status: 'rejected', reason: new RemoteError(wire) }
        : { status: 'fulfilled', value };
    });
  }
  for (const [index, wire] of errors) throw new BatchError(wire, index, results);
  return results;
}

/** The error with all its parts, each of which would have a policy of its own. */
function wholeByValue(part: object): object {
  const mark = (inner: unknown): unknown =>
    typeof inner === 'object' && inner !== null ? wholeByValue(inner) : inner;
  if (Array.isArray(part)) return byValue(part.map(mark));
  return byValue(
    Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, mark(inner)])),
  );
}

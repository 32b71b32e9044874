import { clip } from '../base/clip.ts';
import { isGreenroomError, type WireError } from '../errors.ts';
import { errorLimits, toWireError } from '../toldErrors.ts';
import { outcomeOf } from './batches.ts';
import { byValue, isMarked, withoutMark } from './values/policy.ts';

/** Characters that the failures of one batch are told with; those beyond are told without stacks and causes. */
const maxToldText = 4 * 1024 * 1024;

/** Messages that are written and taken back at most, to find out which results of a batch cannot be sent. */
const maxTried = 4;

/** What became of some results of a batch that were written into one message, which was taken back. */
export interface Attempt {
  /** How many of them can be sent together, one after the other. */
  readonly written: number;
  /** Why the next one cannot. */
  readonly error?: unknown;
  /** How much of all that a message may hold was written. */
  readonly share: number;
}

/** How a batch went, on the side that serves it. */
export class BatchOutcome {
  private readonly results: unknown[] = [];
  private readonly failures: [number, WireError][] = [];
  private toldText = 0;
  /** A result was found that is too large for a message even alone. */
  hasTooLarge = false;

  constructor(private readonly runsAll: boolean) {}

  /** A proxy may throw when it is asked for its class, and is none. */
  static is(value: unknown): value is BatchOutcome {
    try {
      return value instanceof BatchOutcome;
    } catch {
      return false;
    }
  }

  /** How many items have been run. */
  get length(): number {
    return this.results.length;
  }

  add(result: unknown): void {
    this.results.push(result);
  }

  /** Answers whether the batch goes on. */
  fail(error: unknown): boolean {
    this.failures.push([this.results.length, this.tell(error)]);
    if (this.runsAll) this.results.push(undefined);
    return this.runsAll;
  }

  /**
   * Takes what cannot be sent for the failure of its item, as far as that can be found out before long. The
   * items behind it have run then, also of a batch that stops. Answers true when some could be sent, but not
   * together.
   */
  refuse(attempt: (results: readonly unknown[], from: number) => Attempt): boolean {
    const { results, failures } = this;
    const before = failures.length;
    let tried = 0;
    let isCrowded = false;
    for (let from = 0; from < results.length;) {
      const { written, error, share } = attempt(results, from);
      tried += share;
      if (isCrowded && written > 0) return true;
      from += written;
      if (from === results.length || tried > maxTried) break;
      const isTooLarge = isGreenroomError(error, 'frame.tooLarge');
      isCrowded = written > 0 && isTooLarge;
      if (isCrowded) continue; // whether it can be sent alone
      this.hasTooLarge ||= isTooLarge;
      failures.push([from, this.tell(error)]);
      if (!this.runsAll) {
        results.length = from;
        failures.splice(0, before);
        break;
      }
      results[from++] = undefined;
    }
    return false;
  }

  /**
   * What the other side is told: the results, and which items failed with what. Policies hold for what
   * the items bring, not for the lists that hold it.
   */
  get answer(): unknown {
    const failures = this.failures.map(([index, error]) => byValue([index, wholeByValue(error)]));
    return byValue([byValue(this.results), byValue(failures)]);
  }

  /** What other calls use; throws {@link BatchError} when an item has stopped it. */
  get value(): unknown {
    return this.valueOf(this.results.map(withoutMark));
  }

  get hasMarks(): boolean {
    return this.results.some(isMarked);
  }

  /** The same, with the marks of the results. */
  get markedValue(): unknown {
    return this.valueOf(this.results);
  }

  private valueOf(results: readonly unknown[]): unknown {
    return outcomeOf(results, new Map(this.failures), this.runsAll);
  }

  private tell(error: unknown): WireError {
    const told = toWireError(error);
    if (this.toldText > maxToldText) return inBrief(told);
    this.toldText += JSON.stringify(told).length;
    return told;
  }
}

function inBrief({ name, message, code }: WireError): WireError {
  return { name, message: clip(message, errorLimits.name), ...(code !== undefined && { code }) };
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

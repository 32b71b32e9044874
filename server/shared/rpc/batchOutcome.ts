import { clip } from '../base/clip.ts';
import type { WireError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { errorLimits, toWireError } from '../toldErrors.ts';
import { outcomeOf } from './batches.ts';
import { byValue, isMarked, withoutMark } from './values/policy.ts';

/** Characters that the failures of one batch are told with; those beyond are told without stacks and causes. */
const maxToldText = 4 * 1024 * 1024;

/** Tries to write a result: why it cannot be sent, if so, and its bytes in the message and beside it. */
export type Attempt = (result: unknown) => {
  readonly error?: unknown;
  readonly bytes: number;
  readonly besideBytes: number;
};

/** How a batch went, on the side that serves it. */
export class BatchOutcome {
  private readonly results: unknown[] = [];
  private readonly failures: [number, WireError][] = [];
  private toldText = 0;

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
   * Takes what cannot be sent for the failure of its item. The items behind it have run then, also of a batch
   * that stops. Answers whether there was any, and that all is `tooMuch` as soon as that is certain, or
   * has taken too long to find out.
   */
  refuse(
    attempt: Attempt,
    { maxFrameBytes, maxAheadBytes }: Pick<Limits, 'maxFrameBytes' | 'maxAheadBytes'>,
  ): boolean | 'tooMuch' {
    const before = this.failures.length;
    let together = 0;
    let tried = 0;
    for (const [index, result] of this.results.entries()) {
      if (isAtom(result)) continue;
      const { error, bytes, besideBytes } = attempt(result);
      if (error === undefined) together += bytes;
      tried += bytes + besideBytes;
      if (together > maxFrameBytes || tried > maxAheadBytes) return 'tooMuch';
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

/** What can always be sent, and takes little. */
function isAtom(value: unknown): boolean {
  return value === null || ['undefined', 'number', 'boolean'].includes(typeof value);
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

import type { WireError } from '../errors.ts';
import { toWireError } from '../toldErrors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import { putIntoSets, type Later } from './values/later.ts';
import { withoutMark, type Passing } from './values/policy.ts';
import type { BatchOutcome } from './batchOutcome.ts';

/** The result of a call that its caller has not taken yet, or uses in other calls. */
export class KeptResult {
  state: 'running' | 'succeeded' | 'failed' = 'running';
  /** The result as other calls are given it; or what was thrown. */
  value: unknown;
  /** The same as other calls reach into it: with the marks of its owner. */
  marked: unknown;
  /** What its caller is answered: the result with its mark if it has one, or how a batch went. */
  answer: unknown;
  /** By its caller, who does so once; before it is there perhaps. */
  isAskedFor = false;
  private waiting: Set<() => void> | undefined;

  constructor(
    readonly id: number,
    /** For people: what was called. */
    readonly name: string,
    /** How the call wants it. */
    readonly passing: Passing | undefined,
  ) {}

  /** Why a call that needs the result cannot be made; the first in a row of failures is the one to name. */
  get failure(): FailedDependency {
    const { id, name, value } = this;
    return isFailedDependency(value) ? value : new FailedDependency(id, name, value);
  }

  succeed(value: unknown): void {
    this.value = withoutMark(value);
    this.marked = value;
    this.answer = value;
    this.end('succeeded');
  }

  fail(error: unknown): void {
    this.value = error;
    this.end('failed');
  }

  /** Other calls use the results of a batch, or fail with it; its caller is answered with how it went. */
  endBatch(batch: BatchOutcome): void {
    this.answer = batch;
    try {
      this.value = batch.value;
      this.marked = batch.hasMarks ? batch.markedValue : this.value;
    } catch (error) {
      return this.fail(error);
    }
    this.end('succeeded');
  }

  private end(state: 'succeeded' | 'failed'): void {
    this.state = state;
    const { waiting } = this;
    this.waiting = undefined;
    for (const goOn of waiting ?? []) goOn();
  }

  /** Calls back when the result is there; the answer has it not do so. */
  onEnd(goOn: () => void): () => void {
    (this.waiting ??= new Set()).add(goOn);
    return () => this.waiting?.delete(goOn);
  }
}

/** Says that a call cannot be made, because one that it depends on has failed. */
export class FailedDependency {
  constructor(
    readonly id: number,
    readonly name: string,
    readonly error: unknown,
  ) {}
}

/** What is told of something thrown. */
export function tellFailure(error: unknown): WireError {
  return isFailedDependency(error) ? tellDependency(error) : toWireError(error);
}

/** The same for the side whose calls these are, which knows them by their ids. */
export function tellCaller(error: unknown): WireError {
  return isFailedDependency(error)
    ? tellDependency(error, { failedId: error.id })
    : toWireError(error);
}

function tellDependency(
  { name, error }: FailedDependency,
  id?: Pick<WireError, 'failedId'>,
): WireError {
  const { own, ...told } = toWireError(error);
  return { ...told, failedCall: told.failedCall ?? name, ...id, ...(own && { own }) };
}

/** A proxy may throw when it is asked for its class. */
function isFailedDependency(error: unknown): error is FailedDependency {
  try {
    return error instanceof FailedDependency;
  } catch {
    return false; // what it is will be said as far as it lets itself be looked at
  }
}

/** Fills the gaps of a message. */
export type Fill = (goOn: (failure: FailedDependency | undefined) => void) => void;

/** The results that this side keeps for the other, by the calls that brought them. */
export class KeptResults {
  private readonly byCall = new Map<number, KeptResult>();

  constructor(private readonly limits: Limits) {}

  get size(): number {
    return this.byCall.size;
  }

  keep(id: number, name: string, passing: Passing | undefined): KeptResult {
    if (this.byCall.has(id)) throw violation(`call ${id} is under way already`);
    if (this.byCall.size >= this.limits.maxReferences) throw violation('too many results at once');
    const kept = new KeptResult(id, name, passing);
    this.byCall.set(id, kept);
    return kept;
  }

  has(id: number): boolean {
    return this.byCall.has(id);
  }

  get(id: number): KeptResult {
    const kept = this.byCall.get(id);
    if (!kept) throw violation(`the result of call ${id} is not kept`);
    return kept;
  }

  /** Puts results into their places as they come, and calls back when none is missing; the answer stops it. */
  fill(
    places: readonly Later[],
    goOn: (failure: FailedDependency | undefined) => void,
  ): () => void {
    let missing = places.length;
    let failure: FailedDependency | undefined;
    const stops = places.map(place => {
      const result = this.get(place.call);
      return result.onEnd(() => {
        if (result.state !== 'failed') place.put(result.value);
        else failure ??= result.failure;
        if (--missing > 0) return;
        putIntoSets(places);
        goOn(failure);
      });
    });
    return () => stops.forEach(stop => stop());
  }

  drop(id: number): void {
    if (!this.byCall.delete(id)) throw violation(`the result of call ${id} is not kept`);
  }

  clear(): void {
    this.byCall.clear();
  }
}

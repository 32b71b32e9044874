import { misuse } from '../base/misuse.ts';
import { RemoteError, type GreenroomError, type WireError } from '../errors.ts';
import { violation } from '../protocol/violation.ts';
import { parseWireError } from '../protocol/wireError.ts';

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

/** The results, or an outcome for each; throws {@link BatchError} when an item has stopped it. */
export function outcomeOf(
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

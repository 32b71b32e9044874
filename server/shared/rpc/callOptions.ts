import { describe, misuse, outOfRange } from '../base/misuse.ts';
import type { CancelSignal } from '../base/platform.ts';
import type { Passing } from './values/policy.ts';

export interface CallOptions {
  readonly signal?: CancelSignal | undefined;
  /** Milliseconds, counted from the call and not from its start on the other side. */
  readonly deadlineMs?: number | undefined;
  /** How the objects among the arguments go, and the one that comes back. */
  readonly args?: Passing | undefined;
  readonly result?: Passing | undefined;
  /** No record of it is wanted: whoever makes the call keeps one. */
  readonly isUnrecorded?: boolean | undefined;
  /** Called when word comes that the call begins on the other side. */
  readonly onStart?: (() => void) | undefined;
  /** Called once per call that has started on the other side, before its promise settles. */
  readonly onTrace?: TraceListener | undefined;
}

/** When the serving side saw the call: milliseconds on the machine's monotonic clock. */
export interface ServedTimes {
  readonly receivedMs: number;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/**
 * Where the time of a call went; all on the machine's monotonic clock, in milliseconds. A call that
 * was given up while it ran was running until then.
 */
export interface CallTrace {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly served: ServedTimes;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** A call whose times were wanted, as it has ended. */
export interface TimedEnd {
  readonly name: string;
  readonly sentAtMs: number;
  /** Absent when no word of its times has come. */
  readonly trace: CallTrace | undefined;
  /**
   * Whether it has begun on the other side. Only traced calls tell that: of another one that was lost after
   * it had left it is not known, and this says yes.
   */
  readonly mayHaveBegun: boolean;
  /** What the caller got instead of a result. */
  readonly error?: unknown;
}

export type TraceListener = (trace: CallTrace) => void;

export interface BatchOptions extends CallOptions {
  /** Runs every item, whatever the others do, and brings back an outcome for each. */
  readonly settle?: boolean | undefined;
}

const names = [
  'signal',
  'deadlineMs',
  'args',
  'result',
  'isUnrecorded',
  'onStart',
  'onTrace',
] as const satisfies (keyof CallOptions)[];

const callNames = new Set<keyof CallOptions>(names);
const batchNames = new Set<keyof BatchOptions>([...names, 'settle']);

/** Options that are for Greenroom itself. */
const ownOptions: ReadonlySet<string> = new Set<keyof CallOptions>(['isUnrecorded']);

/** Throws a `TypeError` or `RangeError` for what is no option. */
export function assertBatchOptions(options: BatchOptions): void {
  assertKnown('a batch', options, batchNames);
  const { settle } = options;
  if (settle !== undefined && typeof settle !== 'boolean') {
    throw misuse('settle', settle, 'true or false');
  }
  assertValues(options);
}

/** The same of a single call. */
export function assertCallOptions(options: CallOptions): void {
  assertKnown('a call', options, callNames);
  assertValues(options);
}

/** `Infinity` is no deadline at all. */
function assertValues(options: CallOptions): void {
  const { signal, deadlineMs } = options;
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs >= 0)) {
    throw outOfRange('deadlineMs', deadlineMs, 'a number from 0 on');
  }
  assertPassing('args', options.args);
  assertPassing('result', options.result);
  for (const name of ['onStart', 'onTrace'] as const) {
    const listener: unknown = options[name];
    if (listener === undefined || typeof listener === 'function') continue;
    throw misuse(name, listener, 'a function');
  }
  assertSignal(signal);
}

const syncNames = new Set<keyof CallOptions>(['args', 'result']);

/** Throws a `TypeError` for an option that a call which blocks cannot have: nothing interrupts it. */
export function assertSyncOptions(options: CallOptions): void {
  assertKnown('a synchronous call', options, syncNames);
  assertPassing('args', options.args);
  assertPassing('result', options.result);
}

/** Throws a `TypeError` for what is no object, or one with an option that `what` does not have. */
export function assertKnown(what: string, options: unknown, known: ReadonlySet<string>): void {
  assertOptions(what, options);
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    const offered = [...known].filter(option => !ownOptions.has(option));
    throw new TypeError(`${what} has no option '${name}'; it has ${offered.join(', ')}`);
  }
}

/** Throws a `TypeError` for what cannot hold any options. */
export function assertOptions(what: string, given: unknown): asserts given is object {
  if (typeof given === 'object' && given !== null) return;
  throw new TypeError(`${what} takes an object with options, not ${describe(given)}`);
}

/** Throws a `TypeError` for what is neither absent nor a way to pass objects. */
export function assertPassing(option: string, given: unknown): void {
  if (given === undefined || given === 'value' || given === 'reference') return;
  throw misuse(option, given, "'value' or 'reference'");
}

/** Throws a `TypeError` for what is neither absent nor a signal. */
export function assertSignal(given: unknown): void {
  if (given === undefined) return;
  const { aborted, addEventListener, removeEventListener } = (given ?? {}) as Partial<CancelSignal>;
  const kinds = [typeof aborted, typeof addEventListener, typeof removeEventListener];
  if (kinds.join() !== 'boolean,function,function') throw misuse('signal', given, 'an AbortSignal');
}

import type { CancelSignal } from '../base/platform.ts';
import type { Passing } from './values/policy.ts';

export interface CallOptions {
  readonly signal?: CancelSignal | undefined;
  /** Milliseconds, counted from the call and not from its start on the other side. */
  readonly deadlineMs?: number | undefined;
  /** How the objects among the arguments go, and the one that comes back. */
  readonly args?: Passing | undefined;
  readonly result?: Passing | undefined;
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

export type TraceListener = (trace: CallTrace) => void;

export interface BatchOptions extends CallOptions {
  /** Runs every item, whatever the others do, and brings back an outcome for each. */
  readonly settle?: boolean | undefined;
}

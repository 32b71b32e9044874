import { isInstance } from './base/isInstance.ts';
import type { PlainData } from './base/plainData.ts';

/** Every code a {@link GreenroomError} may carry. Codes are for programs; messages are for people. */
export const errorCodes = [
  'call.cancelled',
  'call.deadline',
  'call.deadlock',
  'call.failed',
  'call.notStarted',
  'call.syncUnavailable',
  'call.unknownMethod',
  'frame.tooLarge',
  'pool.closed',
  'process.immortal',
  'protocol.version',
  'protocol.violation',
  'queue.full',
  'reference.foreign',
  'reference.released',
  'session.closed',
  'session.conflict',
  'session.launch',
  'session.lost',
  'session.moduleInHost',
  'session.unavailable',
  'session.unconfined',
  'tool.load',
  'tool.notFound',
  'tool.restricted',
  'value.unserializable',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Codes by which the other side can tell how a call has failed there. What became of the call, of its session
 * or of this side's wishes is this side's to say: with the same words others speak of calls of their own.
 */
const toldCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'call.deadlock',
  'call.failed',
  'call.syncUnavailable',
  'call.unknownMethod',
  'frame.tooLarge',
  'queue.full',
  'reference.foreign',
  'reference.released',
  'tool.load',
  'tool.notFound',
  'tool.restricted',
  'value.unserializable',
]);

/** A failure with a code for programs, a message for people and a cause for us. */
export class GreenroomError extends Error {
  /** The call that failed, when it was not this one but one that it depended on. */
  declare readonly failedCall?: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'GreenroomError';
  }

  /** The same failure as it is told to a call that needed the result of this one. */
  of(call: string): GreenroomError {
    if (this.failedCall !== undefined) return this; // the first in a row of failures is the one to name
    const { code, message, cause } = this;
    const options = cause === undefined ? undefined : { cause };
    const failure = new GreenroomError(code, dependencyPrefix(call) + message, options);
    return Object.assign(failure, { failedCall: call });
  }
}

/** An error as it crosses the wire: plain data, bounded by the frame it travels in. */
export interface WireError {
  /** Class name as the thrower saw it, `TypeError` for example. */
  readonly name: string;
  readonly message: string;
  /** A code of ours, or the thrower's own (`ENOENT`, 404). */
  readonly code?: string | number;
  /** The thrower's stack, without the name and message lines of other causes. */
  readonly stack?: string;
  readonly cause?: WireError;
  /** Those for which it stands (`AggregateError`). */
  readonly errors?: readonly WireError[];
  /** Name of the call that failed, where another one that depended on it is told. */
  readonly failedCall?: string;
  /** Id of that call, which is one of the receiver's. */
  readonly failedId?: number;
  /** The thrower's other properties, as far as they are plain data: `errno`, `path`. */
  readonly own?: Readonly<Record<string, PlainData>>;
}

/**
 * A failure that happened in the other process. Keeps the thrower's class name, code, stack and cause,
 * and has its other properties as far as they are plain data.
 */
export class RemoteError extends GreenroomError {
  /** Class name in the other process. */
  readonly remoteName: string;
  /** The thrower's own code, where it is not one by which a side tells how a call has failed. */
  readonly remoteCode: string | number | undefined;
  /** Stack in the other process. This error's own `stack` is the caller's. */
  readonly remoteStack: string | undefined;
  override readonly failedCall: string | undefined;
  /** Those for which it stands, as an `AggregateError`; else the thrower's property of this name, if any. */
  declare readonly errors?: readonly RemoteError[];
  /** Whether {@link Error.stack} is that of the caller. */
  hasCallerStack = false;
  readonly #told: WireError;

  constructor(wire: WireError) {
    super(
      isTold(wire.code) ? wire.code : 'call.failed',
      dependencyPrefix(wire.failedCall) + wire.message,
      wire.cause && { cause: new RemoteError(wire.cause) },
    );
    this.name = 'RemoteError';
    this.#told = wire;
    this.remoteName = wire.name;
    this.remoteCode = isTold(wire.code) ? undefined : wire.code;
    this.remoteStack = wire.stack;
    this.failedCall = wire.failedCall;
    if (wire.errors) this.errors = wire.errors.map(one => new RemoteError(one));
    Object.defineProperty(this, 'hasCallerStack', { enumerable: false });
    for (const [name, value] of Object.entries(wire.own ?? {})) {
      // What every error of this class has is not the thrower's to say.
      if (!(name in this)) Object.assign(this, { [name]: value });
    }
  }

  override of(call: string): RemoteError {
    return this.failedCall === undefined
      ? new RemoteError({ ...this.#told, failedCall: call })
      : this;
  }

  /** Takes the stack of `caller`; without one, of the asynchronous functions that wait at this moment. */
  captureCaller(caller: Error = new Error()): void {
    const own = /\b(captureCaller|withWaiters)\b/u;
    const theirs = framesOf(caller).filter(line => !own.test(line));
    this.stack = [`${this.remoteName}: ${this.message}`, ...theirs].join('\n');
    this.hasCallerStack = true;
  }
}

export function isGreenroomError(
  value: unknown,
  ...codes: readonly ErrorCode[]
): value is GreenroomError {
  return isInstance(value, GreenroomError) && (codes.length === 0 || codes.includes(value.code));
}

function isTold(code: unknown): code is ErrorCode {
  return toldCodes.has(code as string);
}

/** What stands before the message of a call that failed for the sake of another one. */
export function dependencyPrefix(failedCall: string | undefined): string {
  return failedCall === undefined ? '' : `'${failedCall}' failed: `;
}

/** The lines of its stack that name places. */
export function framesOf({ stack }: Error): readonly string[] {
  return stack?.split('\n').filter(line => /^ {4}at /u.test(line)) ?? [];
}

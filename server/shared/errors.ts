import { clip } from './base/clip.ts';

/** Every code a {@link GreenroomError} may carry. Codes are for programs; messages are for people. */
export const errorCodes = [
  'call.cancelled',
  'call.deadline',
  'call.failed',
  'call.notStarted',
  'call.unknownMethod',
  'frame.tooLarge',
  'pool.closed',
  'process.immortal',
  'protocol.version',
  'protocol.violation',
  'queue.full',
  'reference.unknown',
  'session.closed',
  'session.conflict',
  'session.launch',
  'session.lost',
  'tool.load',
  'tool.notFound',
  'tool.restricted',
  'value.unserializable',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A failure with a code for programs, a message for people and a cause for us. */
export class GreenroomError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'GreenroomError';
  }
}

/** An error as it crosses the wire: plain data, bounded by the frame it travels in. */
export interface WireError {
  /** Class name as the thrower saw it, `TypeError` for example. */
  readonly name: string;
  readonly message: string;
  /** A code of ours, or the thrower's own (`ENOENT`). */
  readonly code?: string;
  /** The thrower's stack, without the name and message lines of other causes. */
  readonly stack?: string;
  readonly cause?: WireError;
}

/** A failure that happened in the other process. Keeps the thrower's class name, code, stack and cause. */
export class RemoteError extends GreenroomError {
  /** Class name in the other process. */
  readonly remoteName: string;
  /** The thrower's own code, where it had one that is not ours. */
  readonly remoteCode: string | undefined;
  /** Stack in the other process. This error's own `stack` is the caller's. */
  readonly remoteStack: string | undefined;

  constructor(wire: WireError) {
    super(
      isErrorCode(wire.code) ? wire.code : 'call.failed',
      wire.message,
      wire.cause && { cause: new RemoteError(wire.cause) },
    );
    this.name = 'RemoteError';
    this.remoteName = wire.name;
    this.remoteCode = isErrorCode(wire.code) ? undefined : wire.code;
    this.remoteStack = wire.stack;
  }
}

const maxCauses = 8;

/** Characters that a told error may have; what is longer is cut, on either side. */
export const errorLimits = { name: 200, message: 4_000, stack: 16_000 } as const;

/** Turns anything thrown, errors or not, into plain data. Never throws, whatever getters the value has. */
export function toWireError(thrown: unknown, depth = 0): WireError {
  try {
    if (!(thrown instanceof Error)) {
      return {
        name: 'NonError',
        message: `a value was thrown that is not an error: ${describe(thrown)}`,
      };
    }
    const { code } = thrown as { code?: unknown };
    return {
      name: clip(String(thrown.name), errorLimits.name),
      message: clip(String(thrown.message), errorLimits.message),
      ...(typeof code === 'string' && { code: clip(code, errorLimits.name) }),
      ...(typeof thrown.stack === 'string' && { stack: clip(thrown.stack, errorLimits.stack) }),
      ...(thrown.cause !== undefined &&
        depth < maxCauses && { cause: toWireError(thrown.cause, depth + 1) }),
    };
  } catch {
    // The thrown value itself throws when looked at; that much can still be said.
    return { name: 'NonError', message: 'a value was thrown that cannot be described' };
  }
}

/** One line for a person, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return toWireError(thrown).message;
}

export function isGreenroomError(
  value: unknown,
  ...codes: readonly ErrorCode[]
): value is GreenroomError {
  return value instanceof GreenroomError && (codes.length === 0 || codes.includes(value.code));
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return (errorCodes as readonly (string | undefined)[]).includes(code);
}

function describe(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return clip(text, errorLimits.name);
}

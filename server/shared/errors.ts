import { clip } from './base/clip.ts';
import { plainDataLimits, toPlainData, type PlainData } from './base/plainData.ts';

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

/** What a told error may have. Texts that are longer are cut, on either side; errors beyond are not told. */
export const errorLimits = {
  name: 200,
  message: 4_000,
  stack: 16_000,
  /** How deep errors may lie in it. */
  causes: 8,
  /** For how many one of them may stand. */
  errors: 8,
  /** It and all that lie in it. */
  together: 32,
} as const;

const maxOwn = 32;

/** What is told of an error in other ways, and what would lead elsewhere. */
const notOwn = new Set([
  ...['name', 'message', 'stack', 'cause', 'code', 'failedCall', '__proto__'],
  ...['remoteName', 'remoteCode', 'remoteStack'], // of an error that is passed on
]);

/** The other properties of an error: the first ones that are plain data, and not too large. */
export function ownProperties(error: object): Pick<WireError, 'own'> {
  const own: Record<string, PlainData> = {};
  let left = maxOwn;
  for (const name of Object.keys(error)) {
    if (notOwn.has(name) || name.length > errorLimits.name) continue;
    const data = tryToCopy(error, name);
    if (data === undefined) continue;
    own[name] = data;
    if (--left === 0) break;
  }
  return left === maxOwn ? {} : { own };
}

/** Getters may throw; what cannot be read is not told. */
function tryToCopy(error: object, name: string): PlainData | undefined {
  try {
    const value = (error as Readonly<Record<string, unknown>>)[name];
    return toPlainData(typeof value === 'string' ? clip(value, plainDataLimits.text) : value);
  } catch {
    return undefined;
  }
}

/** Turns anything thrown, errors or not, into plain data. Never throws, whatever getters the value has. */
export function toWireError(thrown: unknown): WireError {
  return tell(thrown, 0, { left: errorLimits.together });
}

function tell(thrown: unknown, depth: number, room: { left: number }): WireError {
  room.left--;
  try {
    if (!isError(thrown)) return tellNonError(thrown);
    // What comes from another process is passed on as what it was there.
    const remote = thrown instanceof RemoteError ? thrown : undefined;
    const code = remote?.remoteCode ?? (thrown as { code?: unknown }).code;
    const failedCall = thrown instanceof GreenroomError ? thrown.failedCall : undefined;
    const prefix = dependencyPrefix(failedCall);
    const stack = remote ? passedStack(remote) : thrown.stack;
    const tellPart = (part: unknown) => tell(part, depth + 1, room);
    const cause =
      thrown.cause !== undefined && hasRoom(depth, room) ? tellPart(thrown.cause) : undefined;
    const errors = partsOf(thrown)
      .slice(0, errorLimits.errors)
      .flatMap(part => (hasRoom(depth, room) ? tellPart(part) : []));
    const message = String(thrown.message) || errors.map(one => one.message).join('; ');
    const isPrefixed = prefix !== '' && message.startsWith(prefix);
    return {
      name: clip(String(remote?.remoteName ?? thrown.name), errorLimits.name),
      message: clip(isPrefixed ? message.slice(prefix.length) : message, errorLimits.message),
      ...(isPrefixed && { failedCall: failedCall! }),
      ...tellCode(code),
      ...(typeof stack === 'string' && { stack: clip(stack, errorLimits.stack) }),
      ...(cause && { cause }),
      ...(errors.length > 0 && { errors }),
      ...ownProperties(thrown),
    };
  } catch {
    // The thrown value itself throws when looked at; that much can still be said.
    return { name: 'NonError', message: 'a value was thrown that cannot be described' };
  }
}

/** Where it was thrown, and then who waited for it here. */
function passedStack(error: RemoteError): string | undefined {
  const { remoteStack, hasCallerStack } = error;
  if (remoteStack === undefined) return error.stack;
  return hasCallerStack ? [remoteStack, ...framesOf(error)].join('\n') : remoteStack;
}

function framesOf({ stack }: Error): readonly string[] {
  return stack?.split('\n').filter(line => /^ {4}at /u.test(line)) ?? [];
}

function hasRoom(depth: number, { left }: { readonly left: number }): boolean {
  return depth < errorLimits.causes && left > 0;
}

/** The errors for which one stands. Other errors have lists of this name that are plain data. */
function partsOf(error: object): readonly unknown[] {
  const { errors } = error as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return error instanceof AggregateError || errors.some(isError) ? (errors as unknown[]) : [];
}

/** Also one of another realm (`node:vm`), whose class is another one. */
function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  const isNamedSo = Object.prototype.toString.call(thrown) === '[object Error]';
  return isNamedSo && typeof (thrown as { readonly message?: unknown }).message === 'string';
}

/** Some libraries throw plain objects: their message, code and other properties are told. */
function tellNonError(thrown: unknown): WireError {
  const { code, message } = Object(thrown ?? {}) as Partial<Record<string, unknown>>;
  const text = typeof message === 'string' ? message : describe(thrown);
  return {
    name: 'NonError',
    message: clip(`a value was thrown that is not an error: ${text}`, errorLimits.message),
    ...tellCode(code),
    ...(typeof thrown === 'object' && thrown !== null && ownProperties(thrown)),
  };
}

function tellCode(code: unknown): Pick<WireError, 'code'> {
  if (typeof code === 'string') return { code: clip(code, errorLimits.name) };
  return Number.isFinite(code) ? { code: code as number } : {};
}

/** One line for a person, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  const { failedCall, message } = toWireError(thrown);
  return dependencyPrefix(failedCall) + message;
}

function dependencyPrefix(failedCall: string | undefined): string {
  return failedCall === undefined ? '' : `'${failedCall}' failed: `;
}

export function isGreenroomError(
  value: unknown,
  ...codes: readonly ErrorCode[]
): value is GreenroomError {
  return value instanceof GreenroomError && (codes.length === 0 || codes.includes(value.code));
}

function isTold(code: unknown): code is ErrorCode {
  return toldCodes.has(code as string);
}

function describe(value: unknown): string {
  const data = typeof value === 'object' ? toPlainData(value) : value;
  const isJson = typeof data === 'string' || typeof data === 'object';
  return clip(isJson ? JSON.stringify(data) : String(value), errorLimits.name);
}

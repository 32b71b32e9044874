import { clip } from './base/clip.ts';
import { plainDataLimits, toPlainData, type PlainData } from './base/plainData.ts';
import {
  dependencyPrefix,
  framesOf,
  GreenroomError,
  RemoteError,
  type WireError,
} from './errors.ts';

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
  if (Object.prototype.toString.call(thrown) !== '[object Error]') return false;
  const { name, message } = thrown as Readonly<Record<'name' | 'message', unknown>>;
  return typeof name === 'string' && typeof message === 'string';
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

function describe(value: unknown): string {
  const data = typeof value === 'object' ? toPlainData(value) : value;
  const isJson = typeof data === 'string' || typeof data === 'object';
  return clip(isJson ? JSON.stringify(data) : String(value), errorLimits.name);
}

import { clip } from '../base/clip.ts';
import { errorLimits, GreenroomError, type WireError } from '../errors.ts';
import type { Limits } from './limits.ts';

/** Names one call; allocated by the caller, never reused within a connection. */
export type CallId = number;

/** Names one object in the serving process; allocated by whoever asks for it. 0 is the root. */
export type ReferenceId = number;

export const ROOT: ReferenceId = 0;

/** When the serving side saw the call: milliseconds on the machine's monotonic clock. */
export interface ServedTimes {
  readonly receivedMs: number;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** The first message of a worker. Nothing else is accepted before it. */
export interface Hello {
  readonly protocol: number;
  readonly pid: number;
  /** `node` or `python`. */
  readonly runtime: string;
  readonly runtimeVersion: string;
}

/** Every message there is. A frame holds exactly one, as UTF-8 JSON. */
export type Message =
  /** Worker to host, once, first. */
  | ({ readonly kind: 'hello' } & Hello)
  /** Calls a method. `as` asks the other side to keep the result under that reference. */
  | {
      readonly kind: 'call';
      readonly id: CallId;
      readonly target: ReferenceId;
      readonly method: string;
      readonly args: readonly unknown[];
      readonly as?: ReferenceId;
    }
  /** The call has its turn now. Sent before anything of it runs. */
  | {
      readonly kind: 'started';
      readonly id: CallId;
      readonly receivedMs: number;
      readonly startedMs: number;
    }
  /** The caller no longer wants the answer. The call is still answered, exactly once. */
  | { readonly kind: 'cancel'; readonly id: CallId }
  /** The cancellation of a call that runs has reached it. */
  | { readonly kind: 'cancelling'; readonly id: CallId }
  | {
      readonly kind: 'result';
      readonly id: CallId;
      readonly value?: unknown;
      readonly times: ServedTimes;
    }
  | {
      readonly kind: 'error';
      readonly id: CallId;
      readonly error: WireError;
      readonly times: ServedTimes;
    }
  /** The asking side no longer needs the object under this reference. */
  | { readonly kind: 'release'; readonly target: ReferenceId }
  /** Host to worker: finish what runs, then exit. */
  | { readonly kind: 'bye' };

const maxNameLength = 200;
const maxErrorDepth = 8;

/** Turns a decoded frame into a message, or throws `protocol.violation`. */
export function parseMessage(raw: unknown, limits: Limits): Message {
  if (!isRecord(raw)) throw violation('a frame is not an object');
  switch (raw['kind']) {
    case 'hello':
      return {
        kind: 'hello',
        protocol: wholeNumber(raw, 'protocol'),
        pid: wholeNumber(raw, 'pid'),
        runtime: name(raw, 'runtime'),
        runtimeVersion: name(raw, 'runtimeVersion'),
      };
    case 'call': {
      const { args } = raw;
      if (!Array.isArray(args)) throw violation('the arguments of a call are not a list');
      boundDepth(args, limits.maxDepth);
      return {
        kind: 'call',
        id: wholeNumber(raw, 'id'),
        target: wholeNumber(raw, 'target'),
        method: name(raw, 'method'),
        args: args as readonly unknown[],
        ...(raw['as'] !== undefined && { as: wholeNumber(raw, 'as') }),
      };
    }
    case 'started':
      return {
        kind: 'started',
        id: wholeNumber(raw, 'id'),
        receivedMs: finite(raw, 'receivedMs'),
        startedMs: finite(raw, 'startedMs'),
      };
    case 'cancel':
    case 'cancelling':
      return { kind: raw['kind'], id: wholeNumber(raw, 'id') };
    case 'result':
      boundDepth(raw['value'], limits.maxDepth);
      return {
        kind: 'result',
        id: wholeNumber(raw, 'id'),
        value: raw['value'],
        times: parseTimes(raw['times']),
      };
    case 'error':
      return {
        kind: 'error',
        id: wholeNumber(raw, 'id'),
        error: parseError(raw['error'], 0),
        times: parseTimes(raw['times']),
      };
    case 'release':
      return { kind: 'release', target: wholeNumber(raw, 'target') };
    case 'bye':
      return { kind: 'bye' };
    default:
      throw violation('a frame is of a kind that does not exist');
  }
}

export function violation(message: string, options?: ErrorOptions): GreenroomError {
  return new GreenroomError('protocol.violation', message, options);
}

function parseTimes(raw: unknown): ServedTimes {
  if (!isRecord(raw)) throw violation('an answer has no times');
  return {
    receivedMs: finite(raw, 'receivedMs'),
    startedMs: finite(raw, 'startedMs'),
    finishedMs: finite(raw, 'finishedMs'),
  };
}

function parseError(raw: unknown, depth: number): WireError {
  if (!isRecord(raw)) throw violation('an error is not an object');
  if (depth > maxErrorDepth) throw violation('an error has too many causes');
  return {
    name: name(raw, 'name'),
    message: clip(text(raw, 'message'), errorLimits.message),
    ...(raw['code'] !== undefined && { code: name(raw, 'code') }),
    ...(raw['stack'] !== undefined && { stack: clip(text(raw, 'stack'), errorLimits.stack) }),
    ...(raw['cause'] !== undefined && { cause: parseError(raw['cause'], depth + 1) }),
  };
}

type Raw = Readonly<Record<string, unknown>>;

function isRecord(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function wholeNumber(raw: Raw, field: string): number {
  const value = raw[field];
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw violation(`field '${field}' is not a whole number`);
  }
  return value as number;
}

function finite(raw: Raw, field: string): number {
  const value = raw[field];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw violation(`field '${field}' is not a number`);
  }
  return value;
}

function text(raw: Raw, field: string): string {
  const value = raw[field];
  if (typeof value !== 'string') throw violation(`field '${field}' is not a text`);
  return value;
}

function name(raw: Raw, field: string): string {
  const value = text(raw, field);
  if (value.length > maxNameLength) throw violation(`field '${field}' is too long`);
  return value;
}

function boundDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw violation('a value is nested too deeply');
  if (Array.isArray(value)) for (const item of value) boundDepth(item, left - 1);
  else for (const item of Object.values(value)) boundDepth(item, left - 1);
}

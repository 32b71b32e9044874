import { clip } from '../base/clip.ts';
import { isRecord } from '../base/plainData.ts';
import type { WireError } from '../errors.ts';
import { errorLimits, ownProperties } from '../toldErrors.ts';
import { violation } from './violation.ts';

/** Throws `protocol.violation`. Texts that are too long are cut, and properties that are not plain left out. */
export function parseWireError(raw: unknown): WireError {
  return parse(raw, 0, { left: errorLimits.together });
}

function parse(raw: unknown, depth: number, room: { left: number }): WireError {
  if (typeof raw !== 'object' || raw === null) throw violation('an error is not an object');
  if (depth > errorLimits.causes) throw violation('an error has too many causes');
  if (--room.left < 0) throw violation('an error has too many others in it');
  const { name, message, code, stack, cause, errors, failedCall, failedId, own } = raw as Fields;
  const parsePart = (part: unknown) => parse(part, depth + 1, room);
  return {
    name: text(name, errorLimits.name),
    message: text(message, errorLimits.message),
    ...(code !== undefined && {
      code: Number.isFinite(code) ? (code as number) : text(code, errorLimits.name),
    }),
    ...(stack !== undefined && { stack: text(stack, errorLimits.stack) }),
    ...(cause !== undefined && { cause: parsePart(cause) }),
    ...(errors !== undefined && { errors: list(errors).map(parsePart) }),
    ...(failedCall !== undefined && { failedCall: text(failedCall, errorLimits.name) }),
    ...(failedId !== undefined && { failedId: id(failedId) }),
    ...(own !== undefined && ownProperties(record(own))),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw violation('the errors in an error are not a list');
  if (value.length <= errorLimits.errors) return [...(value as unknown[])]; // a gap is no error
  throw violation('an error stands for too many');
}

function record(value: unknown): object {
  if (isRecord(value)) return value;
  throw violation('the properties of an error are not an object');
}

function id(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw violation('the id of a call that failed is none');
  return value as number;
}

function text(value: unknown, maxLength: number): string {
  if (typeof value !== 'string') throw violation('a field of an error is not a text');
  return clip(value, maxLength);
}

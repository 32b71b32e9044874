import { clip } from '../base/clip.ts';
import { isRecord } from '../base/plainData.ts';
import { errorLimits, ownProperties, type WireError } from '../errors.ts';
import { violation } from './violation.ts';

/** Throws `protocol.violation`. Texts that are too long are cut, and properties that are not plain left out. */
export function parseWireError(raw: unknown, depth = 0): WireError {
  if (typeof raw !== 'object' || raw === null) throw violation('an error is not an object');
  if (depth > errorLimits.causes) throw violation('an error has too many causes');
  const { name, message, code, stack, cause, failedCall, own } = raw as Record<string, unknown>;
  return {
    name: text(name, errorLimits.name),
    message: text(message, errorLimits.message),
    ...(code !== undefined && {
      code: Number.isFinite(code) ? (code as number) : text(code, errorLimits.name),
    }),
    ...(stack !== undefined && { stack: text(stack, errorLimits.stack) }),
    ...(cause !== undefined && { cause: parseWireError(cause, depth + 1) }),
    ...(failedCall !== undefined && { failedCall: text(failedCall, errorLimits.name) }),
    ...(own !== undefined && ownProperties(record(own))),
  };
}

function record(value: unknown): object {
  if (isRecord(value)) return value;
  throw violation('the properties of an error are not an object');
}

function text(value: unknown, maxLength: number): string {
  if (typeof value !== 'string') throw violation('a field of an error is not a text');
  return clip(value, maxLength);
}

import { clip } from '../base/clip.ts';
import { errorLimits, type WireError } from '../errors.ts';
import { violation } from './violation.ts';

const maxCauses = 8;

/** Throws `protocol.violation`; texts that are too long are cut. */
export function parseWireError(raw: unknown, depth = 0): WireError {
  if (typeof raw !== 'object' || raw === null) throw violation('an error is not an object');
  if (depth > maxCauses) throw violation('an error has too many causes');
  const { name, message, code, stack, cause, failedCall } = raw as Record<string, unknown>;
  return {
    name: text(name, errorLimits.name),
    message: text(message, errorLimits.message),
    ...(code !== undefined && { code: text(code, errorLimits.name) }),
    ...(stack !== undefined && { stack: text(stack, errorLimits.stack) }),
    ...(cause !== undefined && { cause: parseWireError(cause, depth + 1) }),
    ...(failedCall !== undefined && { failedCall: text(failedCall, errorLimits.name) }),
  };
}

function text(value: unknown, maxLength: number): string {
  if (typeof value !== 'string') throw violation('a field of an error is not a text');
  return clip(value, maxLength);
}

import { clip } from './clip.ts';

/** Says which option cannot be, what was given and what it takes. */
export function misuse(option: string, given: unknown, takes: string): TypeError {
  return new TypeError(inWords(option, given, takes));
}

/** The same for what must be a number of a range: a `RangeError` for one of none, else a `TypeError`. */
export function outOfRange(option: string, given: unknown, takes: string): Error {
  const type = typeof given === 'number' ? RangeError : TypeError;
  return new type(inWords(option, given, takes));
}

function inWords(option: string, given: unknown, takes: string): string {
  return `${option} is ${describe(given)}; it takes ${takes}`;
}

/** What was given, in a few words. */
export function describe(given: unknown): string {
  if (typeof given === 'string') return clip(JSON.stringify(given), 100);
  if (typeof given === 'function') return 'a function';
  if (typeof given === 'bigint') return `${given}n`;
  if (typeof given !== 'object' || given === null) return String(given);
  return Array.isArray(given) ? 'a list' : 'an object';
}

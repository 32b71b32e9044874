import { Tag } from '../../server/shared/protocol/wire.ts';
import { Reference } from './valueTrip.ts';

/**
 * How test vectors write down a value: what JSON knows as itself, the rest as an object whose first
 * property says what it is. Objects are numbered in the order in which they begin; `same` names one.
 */
export type Notation =
  | null
  | boolean
  | number
  | string
  | readonly Notation[]
  | { readonly undefined: true }
  | { readonly gap: true }
  | { readonly float64: 'NaN' | 'Infinity' | '-Infinity' | '-0' }
  | { readonly bigint: string }
  | { readonly object: readonly (readonly [string, Notation])[] }
  | { readonly map: readonly (readonly [Notation, Notation])[] }
  | { readonly set: readonly Notation[] }
  | { readonly date: number | null }
  | { readonly regexp: readonly [source: string, flags: string] }
  | { readonly error: string; readonly fields: Readonly<Record<string, Notation>> }
  | { readonly bytes: string; readonly hex: string }
  | { readonly segment: number; readonly length: number }
  | { readonly boxed: Notation }
  | { readonly same: number }
  | { readonly mine: number; readonly function: boolean }
  | { readonly yours: number }
  | { readonly result: number };

/** Makes the value that a notation stands for. */
export function fromNotation(notation: Notation, objects: unknown[] = []): unknown {
  if (typeof notation !== 'object' || notation === null) return notation;
  const known = <T>(object: T): T => {
    objects.push(object);
    return object;
  };
  const make = (inner: Notation): unknown => fromNotation(inner, objects);
  if (Array.isArray(notation)) {
    const items = notation as readonly Notation[];
    const list = known(new Array<unknown>(items.length));
    items.forEach((item, index) => {
      const isGap = typeof item === 'object' && item !== null && 'gap' in item;
      if (!isGap) list[index] = make(item);
    });
    return list;
  }
  const told = notation as Exclude<
    Notation,
    null | boolean | number | string | readonly Notation[]
  >;
  if ('undefined' in told || 'gap' in told) return undefined;
  if ('float64' in told) return Number(told.float64);
  if ('bigint' in told) return BigInt(told.bigint);
  if ('object' in told) {
    const object = known({});
    for (const [name, value] of told.object) define(object, name, make(value), true);
    return object;
  }
  if ('map' in told) {
    const map = known(new Map<unknown, unknown>());
    for (const [key, value] of told.map) map.set(make(key), make(value));
    return map;
  }
  if ('set' in told) {
    const set = known(new Set<unknown>());
    for (const item of told.set) set.add(make(item));
    return set;
  }
  if ('date' in told) return known(new Date(told.date ?? NaN));
  if ('regexp' in told) return known(new RegExp(told.regexp[0], told.regexp[1]));
  if ('error' in told) return makeError(told.error, told.fields, known, make);
  if ('bytes' in told) return known(makeBinary(told.bytes, Buffer.from(told.hex, 'hex')));
  if ('segment' in told) return known(new Uint8Array(told.length).fill(told.segment));
  if ('boxed' in told) {
    const index = objects.push(undefined) - 1;
    return (objects[index] = Object(make(told.boxed)) as unknown);
  }
  if ('same' in told) return objects[told.same];
  if ('mine' in told) return new Reference(Tag.mine, told.mine * 2 + (told.function ? 1 : 0));
  if ('yours' in told) return new Reference(Tag.yours, told.yours);
  return new Reference(Tag.result, told.result);
}

function makeError(
  name: string,
  fields: Readonly<Record<string, Notation>>,
  known: <T>(object: T) => T,
  make: (notation: Notation) => unknown,
): Error {
  const classes: Readonly<Record<string, new (message?: string) => Error>> = { TypeError };
  const isAggregate = name === 'AggregateError';
  const error = known(isAggregate ? new AggregateError([]) : new (classes[name] ?? Error)());
  if (error.name !== name) define(error, 'name', name, false);
  for (const [field, value] of Object.entries(fields)) {
    if (field !== 'own') define(error, field, make(value), false);
    else {
      for (const [own, inner] of Object.entries(make(value) as object)) {
        define(error, own, inner, true);
      }
    }
  }
  return error;
}

function makeBinary(kind: string, bytes: Buffer): unknown {
  const { buffer } = new Uint8Array(bytes);
  if (kind === 'ArrayBuffer') return buffer;
  const view = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>)[
    kind
  ];
  return new view!(buffer);
}

function define(object: object, name: string, value: unknown, enumerable: boolean): void {
  const own = { value, enumerable, writable: true, configurable: true };
  Object.defineProperty(object, name, own);
}

/** Writes down the simple values that messages of the vectors hold. */
export function toNotation(value: unknown): Notation {
  if (value === undefined) return { undefined: true };
  if (value instanceof Reference) {
    if (value.tag === Tag.yours) return { yours: value.word };
    if (value.tag === Tag.result) return { result: value.word };
    return { mine: Math.floor(value.word / 2), function: value.word % 2 === 1 };
  }
  if (Array.isArray(value)) return value.map(toNotation);
  if (typeof value !== 'object' || value === null) return value as Notation;
  if (value instanceof Uint8Array) {
    return { bytes: 'Uint8Array', hex: Buffer.from(value).toString('hex') };
  }
  return { object: Object.entries(value).map(([name, inner]) => [name, toNotation(inner)]) };
}

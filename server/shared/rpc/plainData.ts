import { GreenroomError } from '../errors.ts';

/**
 * Refuses what JSON would change without a word: functions, symbols, NaN, infinities, big integers,
 * `undefined` in a list, cycles, and objects of a class. Names the place in the value.
 */
export function assertPlainData(value: unknown, place: string, maxDepth: number): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (Number.isFinite(value)) return;
      throw unserializable(place, String(value));
    case 'undefined':
      // An absent result and an absent property mean the same on both sides.
      if (!place.endsWith(']')) return;
      throw unserializable(place, 'undefined in a list');
    case 'object':
      if (value === null) return;
      if (maxDepth === 0) throw unserializable(place, 'nested too deeply, or a cycle');
      if (Array.isArray(value)) {
        value.forEach((item, index) => assertPlainData(item, `${place}[${index}]`, maxDepth - 1));
        return;
      }
      assertPlainObject(value, place);
      for (const [key, item] of Object.entries(value)) {
        assertPlainData(item, `${place}.${key}`, maxDepth - 1);
      }
      return;
    default:
      throw unserializable(place, `a ${typeof value}`);
  }
}

function assertPlainObject(value: object, place: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return;
  throw unserializable(place, `an object of class ${value.constructor.name}`);
}

function unserializable(place: string, what: string): GreenroomError {
  return new GreenroomError('value.unserializable', `cannot send ${place}: ${what}`);
}

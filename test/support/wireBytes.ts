import { Buffer } from 'node:buffer';

/** A byte, or bytes that were put together before. */
export type Part = number | Uint8Array;

/** Frames are written here by hand, so that tests do not trust the code that they test. */
export function bytes(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map(part => (typeof part === 'number' ? Buffer.of(part) : part)));
}

export function count(value: number): Buffer {
  const groups: number[] = [];
  let left = value;
  do {
    groups.push(left % 0x80);
    left = Math.floor(left / 0x80);
  } while (left > 0);
  return Buffer.from(groups.map((group, at) => (at < groups.length - 1 ? group + 0x80 : group)));
}

/** The short form, for texts of at most 253 bytes. */
export function text(value: string): Buffer {
  const utf8 = Buffer.from(value);
  return bytes(utf8.length, utf8);
}

export function float64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return buffer;
}

/** A whole number from -16 to 111, as a value. */
export function small(value: number): number {
  return 0x90 + value;
}

/** A plain object as a value: the first of its shape in the message. */
export function object(fields: Readonly<Record<string, Uint8Array>>): Buffer {
  const names = Object.keys(fields);
  return bytes(12, 0, count(names.length), ...names.map(text), ...names.map(name => fields[name]!));
}

/** A text as a value. */
export function textValue(value: string): Buffer {
  return bytes(7, text(value));
}

/** What a pipe carries: the length of the messages, and these. */
export function frame(...messages: readonly Part[]): Buffer {
  const body = bytes(...messages);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return bytes(length, body);
}

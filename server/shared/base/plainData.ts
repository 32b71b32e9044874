/** Data that every language has. */
export type PlainData =
  string | number | boolean | null | readonly PlainData[] | { readonly [name: string]: PlainData };

/** How large one piece of plain data may be, whatever it consists of. */
export const plainDataLimits = { depth: 8, parts: 100, text: 4_000 } as const;

interface Room {
  parts: number;
  text: number;
}

/**
 * A copy of what is plain data and within the limits; undefined for anything else. Members without a
 * value are left out.
 */
export function toPlainData(value: unknown): PlainData | undefined {
  return copyPart(value, { ...plainDataLimits }, plainDataLimits.depth);
}

function copyPart(value: unknown, room: Room, depth: number): PlainData | undefined {
  if (--room.parts < 0) return undefined;
  switch (typeof value) {
    case 'string':
      return hasRoom(room, value) ? value : undefined;
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth === 0) return undefined;
      return Array.isArray(value)
        ? copyList(value, room, depth - 1)
        : copyRecord(value, room, depth - 1);
    default:
      return undefined;
  }
}

function copyList(list: readonly unknown[], room: Room, depth: number): PlainData | undefined {
  const copy: PlainData[] = [];
  for (const item of list) {
    const part = copyPart(item, room, depth);
    if (part === undefined) return undefined;
    copy.push(part);
  }
  return copy;
}

function copyRecord(record: object, room: Room, depth: number): PlainData | undefined {
  if (!isRecord(record)) return undefined;
  const names = Object.keys(record);
  if (names.length > room.parts) return undefined;
  const copy: Record<string, PlainData> = {};
  for (const name of names) {
    const value = record[name];
    const part = hasRoom(room, name) ? copyPart(value, room, depth) : undefined;
    if (part !== undefined && name !== '__proto__') copy[name] = part;
    else if (value !== undefined) return undefined;
  }
  return copy;
}

/** Whether this is an object of no class of its own. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function hasRoom(room: Room, text: string): boolean {
  room.text -= text.length;
  return room.text >= 0;
}

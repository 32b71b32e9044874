type BytesClass = new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView;

/** Node has it from 24 on. One that has it not gets the same bits as whole numbers. */
const { Float16Array = Uint16Array } = globalThis as { readonly Float16Array?: BytesClass };

/** Classes of binary values; on the wire, their place in this list is their name. */
const views: readonly (BytesClass | undefined)[] = [
  undefined, // an ArrayBuffer
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float16Array,
];

export type Binary = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** Views may be of another realm (`node:vm`), whose classes are others: they are known by their names then. */
export function isBinary(value: object): value is Binary {
  if (!ArrayBuffer.isView(value)) return value instanceof ArrayBuffer;
  return value.buffer instanceof ArrayBuffer || nameOf(value.buffer) === 'ArrayBuffer';
}

function nameOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** A class of Node's such as Buffer counts as the class it extends; -1 for one that is not in the list. */
export function kindOfBinary(value: Binary): number {
  if (value instanceof Uint8Array) return 2;
  if (value instanceof ArrayBuffer) return 0;
  const index = views.findIndex(type => type && value instanceof type);
  if (index >= 0) return index;
  const name = nameOf(value);
  return views.findIndex(type => type?.name === name);
}

export function bytesOf(value: Binary): Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/** The value whose bytes these are, or undefined when there is no such kind or they do not fit it. */
export function toBinary(kind: number, bytes: Uint8Array<ArrayBuffer>): Binary | undefined {
  if (kind === 2) return bytes;
  const whole =
    bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
  if (kind === 0) return whole;
  const type = views[kind];
  const unit = (type as { BYTES_PER_ELEMENT?: number } | undefined)?.BYTES_PER_ELEMENT ?? 1;
  if (!type || whole.byteLength % unit !== 0) return undefined;
  return new type(whole) as Binary;
}

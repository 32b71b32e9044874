import fc from 'fast-check';

const leaves = [
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, undefined, new Date(NaN), new Date(0)),
];

/** What `fast-check` does not make by itself. */
const errors = fc
  .tuple(fc.constantFrom(Error, RangeError, TypeError), fc.string(), fc.oneof(...leaves))
  .map(([type, message, cause]) => new type(message, { cause }));
const expressions = fc
  .tuple(fc.constantFrom('a+', '[^/]', '(?<x>.)', '\\n'), fc.constantFrom('', 'g', 'imsu', 'dy'))
  .map(([source, flags]) => new RegExp(source, flags));
const binaries = fc
  .tuple(
    fc.constantFrom(ArrayBuffer, DataView, BigInt64Array, BigUint64Array, Float32Array),
    fc.array(fc.nat({ max: 255 }), { maxLength: 4 }),
  )
  .map(([type, eighths]) => {
    const { buffer } = new Uint8Array(eighths.flatMap(byte => Array<number>(8).fill(byte)));
    return type === ArrayBuffer ? buffer : new (type as typeof DataView)(buffer);
  });

/** They mean something to objects, or to Python's. */
const oddKeys = ['__proto__', 'constructor', 'then', 'toString', 'self'];

/** Whatever structured clone would carry, in any mixture, with these among it. */
export function anyValue(...more: readonly unknown[]): fc.Arbitrary<unknown> {
  const few = more.length > 0 ? [fc.constantFrom(...more)] : [];
  return fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
    key: fc.oneof(fc.string(), fc.constantFrom(...oddKeys)),
    values: [...leaves, errors, expressions, binaries, ...few],
  } as fc.ObjectConstraints);
}

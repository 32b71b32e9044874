import { nodePlatform } from '../../server/node/nodePlatform.ts';
import { ByteReader } from '../../server/shared/rpc/values/byteReader.ts';
import { ByteWriter } from '../../server/shared/rpc/values/byteWriter.ts';
import { natural, type PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import { noSegments, type BytesRoad } from '../../server/shared/rpc/values/segments.ts';
import { ValueReader } from '../../server/shared/rpc/values/valueReader.ts';
import { ValueWriter } from '../../server/shared/rpc/values/valueWriter.ts';
import { Tag } from '../../server/shared/protocol/wire.ts';

/** What stands for an object that goes by reference, or for the result of a call. */
export class Reference {
  constructor(
    readonly tag: Tag.mine | Tag.yours | Tag.result,
    /** The number behind the tag: of an object of the sender twice its number, one more for a function. */
    readonly word: number,
  ) {}
}

export interface TripOptions {
  readonly policy?: PassingPolicy;
  readonly maxDepth?: number;
  readonly maxWeight?: number;
  readonly road?: BytesRoad;
}

/** The bytes of one value, and the objects that went by reference instead. */
export function write(
  value: unknown,
  { policy = natural, maxDepth = 500, maxWeight = 2 ** 24, road = noSegments() }: TripOptions = {},
) {
  const out = new ByteWriter(nodePlatform, 64 * 1024 * 1024);
  const references: object[] = [];
  const writeReference = (object: object): void => {
    const isGiven = object instanceof Reference;
    out.byte(isGiven ? object.tag : Tag.mine);
    out.count(isGiven ? object.word : (references.push(object) - 1) * 2);
  };
  const writer = new ValueWriter(out, { maxDepth, maxWeight }, writeReference, road, policy);
  writer.begin();
  writer.write(value);
  return { bytes: Buffer.from(out.bytes.subarray(0, out.length)), references };
}

/** Reads one value, and nothing else, from bytes. */
export function read(
  bytes: Uint8Array,
  { maxDepth = 500, maxWeight = 2 ** 24, road = noSegments() }: TripOptions = {},
): unknown {
  const input = new ByteReader(nodePlatform.text);
  const references = {
    theirs: (word: number) => new Reference(Tag.mine, word),
    ours: (number: number) => new Reference(Tag.yours, number),
    result: (call: number) => new Reference(Tag.result, call),
    signal: () => {
      throw new Error('no call is read here');
    },
  };
  const reader = new ValueReader(input, { maxDepth, maxWeight }, references, road);
  input.open(bytes);
  reader.begin();
  const value = reader.read();
  if (reader.failure !== undefined) throw reader.failure as Error;
  if (input.left > 0) throw new Error(`${input.left} bytes are left over`);
  return value;
}

/** What arrives on the other side when a value is sent. */
export function trip<T>(value: T, options?: TripOptions): T {
  return read(write(value, options).bytes, options) as T;
}

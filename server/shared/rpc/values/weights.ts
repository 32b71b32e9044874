import { Tag } from '../../protocol/wire.ts';

/**
 * What a value weighs beside the 1 that each weighs: about its memory on the receiving side, in units of
 * 16 bytes. A few bytes on the wire may become a map or an error; so it is not enough to bound these.
 */
const weights: Readonly<Partial<Record<Tag, number>>> = {
  [Tag.array]: 4,
  [Tag.numbers]: 4,
  [Tag.object]: 4,
  [Tag.map]: 16,
  [Tag.set]: 16,
  [Tag.date]: 8,
  [Tag.regexp]: 64,
  [Tag.error]: 64,
  [Tag.bytes]: 16,
  [Tag.segment]: 16,
  [Tag.boxed]: 8,
  [Tag.mine]: 16,
  [Tag.result]: 8,
};

export function weightOf(tag: Tag): number {
  return weights[tag] ?? 0;
}

/** What each item of a batch weighs beside its values: it is a list of them, and what it brings is kept until all are done. */
export const batchItemWeight = 64;

/** Numbers of a packed list that weigh 1 together. */
export const numbersPerUnit = 8;

/** Longer ones take seconds to read. */
export const longest = Object.freeze({ patternUnits: 1024 * 1024, bigintBytes: 1024 * 1024 });

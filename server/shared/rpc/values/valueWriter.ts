import { GreenroomError } from '../../errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import { smallInteger, Tag } from '../../protocol/wire.ts';
import { bytesOf, isBinary, kindOfBinary, type Binary } from './byteKinds.ts';
import type { ByteWriter } from './byteWriter.ts';
import { describeError, errorStep } from './errorValues.ts';
import { formOf, writeNumbers } from './packedNumbers.ts';
import { decidePassing, isData, Marked, type Passing, type PassingPolicy } from './policy.ts';
import type { BytesRoad } from './segments.ts';
import { Seen } from './seen.ts';
import { Shapes } from './shapes.ts';
import { entryStep, propertyStep, Unsendable } from './unsendable.ts';
import { longest, numbersPerUnit, weightOf } from './weights.ts';

/** Writes an object or function that does not travel itself: a reference to it. */
export type WriteReference = (value: object, out: ByteWriter, depth: number) => void;

const packedFrom = 8;

/**
 * Writes values with all that structured clone would keep: classes of the language, cycles, identity,
 * gaps in lists, big integers, text that is not well-formed. What lives goes by reference.
 */
export class ValueWriter {
  private readonly seen = new Seen();
  private readonly shapes = new Shapes();
  private borne = 0;
  private passing: Passing | undefined;
  private isNatural = true;

  constructor(
    private readonly out: ByteWriter,
    private readonly limits: Pick<Limits, 'maxDepth' | 'maxWeight'>,
    private readonly writeReference: WriteReference,
    private readonly road: Pick<BytesRoad, 'put'>,
    private readonly policy: PassingPolicy,
    /** Objects that no policy can have copied. */
    private readonly isNeverCopied: (value: object) => boolean = () => false,
  ) {}

  /** Begins a message; `passing` is what its call says of its objects. */
  begin(passing?: Passing): void {
    this.seen.clear();
    this.shapes.begin();
    this.borne = 0;
    this.passing = passing;
    this.isNatural =
      passing === undefined && !this.policy.objects && this.policy.types.length === 0;
  }

  /** Keeps nothing of the last message alive. */
  forget(): void {
    this.seen.clear();
  }

  /**
   * Writes a value that lies so deep in others. Throws `value.unserializable` for what can neither be copied nor
   * referred to, `frame.tooLarge` for more than the other side accepts.
   */
  write(value: unknown, depth = 0): void {
    const { out } = this;
    this.bear(1);
    switch (typeof value) {
      case 'number':
        return this.number(value);
      case 'string':
        out.byte(Tag.text);
        return out.text(value);
      case 'boolean':
        return out.byte(value ? Tag.true : Tag.false);
      case 'undefined':
        return out.byte(Tag.undefined);
      case 'object':
        if (value === null) return out.byte(Tag.null);
        return this.object(value, depth);
      case 'function':
        return this.refer(value, depth);
      case 'bigint':
        return this.bigint(value);
      case 'symbol':
        throw unserializable('a symbol');
    }
  }

  private number(value: number): void {
    const { out } = this;
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= smallInteger.min && value <= smallInteger.max) {
        return out.byte(smallInteger.tag + value - smallInteger.min);
      }
      out.byte(Tag.int32);
      return out.int32(value);
    }
    out.byte(Number.isSafeInteger(value) && value !== 0 ? Tag.integer : Tag.float64);
    out.float64(value);
  }

  private bigint(value: bigint): void {
    const { out } = this;
    const magnitude = value < 0n ? -value : value;
    const { bigintBytes } = longest;
    if (BigInt.asUintN(8 * bigintBytes, magnitude) !== magnitude) {
      throw unserializable(`a bigint of more than ${bigintBytes} bytes`);
    }
    const hex = magnitude.toString(16);
    const bytes = Math.ceil(hex.length / 2);
    out.byte(Tag.bigint);
    out.byte(value < 0n ? 1 : 0);
    out.count(bytes);
    for (let end = hex.length; end > 0; end -= 2) {
      out.byte(parseInt(hex.slice(Math.max(0, end - 2), end), 16));
    }
  }

  private object(value: object, depth: number): void {
    if (depth > this.limits.maxDepth) throw tooDeep(this.limits);
    if (value instanceof Marked) return this.marked(value, depth);
    if (this.isNatural) {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype === Object.prototype || prototype === null) return this.plain(value, depth);
      if (Array.isArray(value)) return this.array(value, depth);
      if (!isData(value)) return this.reference(value, depth);
    } else if (
      decidePassing(value, this.policy, this.passing).passing === 'reference' ||
      this.isNeverCopied(value)
    ) {
      return this.reference(value, depth);
    }
    this.copy(value, depth);
  }

  private marked({ value, passing }: Marked, depth: number): void {
    if (passing === 'reference') return this.reference(value, depth);
    if (typeof value === 'function') throw unserializable('a copy of a function');
    this.copy(value, depth);
  }

  private reference(value: object, depth: number): void {
    if (value instanceof Promise) throw unserializable('a promise; await it first');
    this.refer(value, depth);
  }

  /** What it refers to is not known here; it weighs as much as what weighs most. */
  private refer(value: object, depth: number): void {
    this.bear(weightOf(Tag.mine));
    this.writeReference(value, this.out, depth);
  }

  private copy(value: object, depth: number): void {
    if (Array.isArray(value)) return this.array(value, depth);
    const { out } = this;
    if (value instanceof Map) {
      if (this.again(value)) return;
      // As it is now: what is written may run getters, which may change it.
      const parts: unknown[] = [];
      for (const [key, item] of value as Map<unknown, unknown>) parts.push(key, item);
      this.tag(Tag.map);
      out.count(parts.length / 2);
      let at = 0;
      try {
        for (; at < parts.length; at++) this.write(parts[at], depth + 1);
      } catch (error) {
        const isKey = at % 2 === 0;
        throw Unsendable.inside(error, isKey ? '.keys()' : entryStep(parts[at - 1]));
      }
    } else if (value instanceof Set) {
      if (this.again(value)) return;
      const items = [...(value as Set<unknown>)];
      this.tag(Tag.set);
      out.count(items.length);
      try {
        for (const item of items) this.write(item, depth + 1);
      } catch (error) {
        throw Unsendable.inside(error, '.values()');
      }
    } else if (value instanceof Date) {
      if (this.again(value)) return;
      this.tag(Tag.date);
      out.float64(value.getTime());
    } else if (isBinary(value)) {
      if (!this.again(value)) this.binary(value);
    } else if (value instanceof RegExp) {
      if (value.source.length > longest.patternUnits) {
        throw unserializable(`a regular expression of ${value.source.length} characters`);
      }
      if (this.again(value)) return;
      this.tag(Tag.regexp);
      out.text(value.source);
      out.text(value.flags);
    } else if (value instanceof Error) {
      if (this.again(value)) return;
      this.tag(Tag.error);
      out.text(String(value.name));
      out.byte(value instanceof AggregateError ? 1 : 0);
      this.fields(describeError(value), depth, errorStep);
    } else if (isBoxed(value)) {
      if (this.again(value)) return;
      this.tag(Tag.boxed);
      this.write(value.valueOf(), depth + 1);
    } else if (ArrayBuffer.isView(value)) {
      throw unserializable(`a ${value.constructor.name} over shared memory; copy it first`);
    } else if (value instanceof Promise) {
      throw unserializable('a promise; await it first');
    } else {
      this.plain(value, depth);
    }
  }

  private plain(value: object, depth: number): void {
    if (this.again(value)) return;
    this.tag(Tag.object);
    this.fields(value, depth);
  }

  private fields(value: object, depth: number, stepTo = propertyStep): void {
    const { out } = this;
    const names = Object.keys(value);
    const index = this.shapes.indexOf(names);
    if (index >= 0) {
      out.count(index + 1);
    } else {
      out.byte(0);
      out.count(names.length);
      this.bear(names.length);
      for (const name of names) out.text(name);
    }
    let at = 0;
    try {
      for (; at < names.length; at++) {
        this.write((value as Readonly<Record<string, unknown>>)[names[at]!], depth + 1);
      }
    } catch (error) {
      throw Unsendable.inside(error, stepTo(names[at]!));
    }
  }

  private array(value: readonly unknown[], depth: number): void {
    if (this.again(value)) return;
    const { out } = this;
    const { length } = value;
    // A proxy says what it likes.
    if (!(Number.isSafeInteger(length) && length >= 0))
      throw unserializable('a list without a length');
    if (length >= packedFrom && this.packed(value)) return;
    out.assertRoomFor(length); // before it takes a minute to find out
    this.tag(Tag.array);
    out.count(length);
    let index = 0;
    try {
      for (; index < length; index++) {
        const item = value[index];
        if (item === undefined && !(index in value)) this.gap();
        else this.write(item, depth + 1);
      }
    } catch (error) {
      throw Unsendable.inside(error, `[${index}]`);
    }
  }

  /** A list of numbers and nothing else: all take as many bytes as the largest needs. */
  private packed(value: readonly unknown[]): boolean {
    if (typeof value[0] !== 'number') return false;
    const form = formOf(value);
    if (form === undefined) return false;
    const { out } = this;
    this.tag(Tag.numbers);
    this.bear(Math.ceil(value.length / numbersPerUnit));
    out.byte(form);
    out.count(value.length);
    writeNumbers(value as readonly number[], form, out);
    return true;
  }

  private binary(value: Binary): void {
    const { out } = this;
    const bytes = readable(value);
    const kind = kindOfBinary(value);
    if (kind < 0) throw unserializable(`a ${value.constructor.name}`);
    const segment = this.road.put(bytes);
    if (segment === undefined) {
      this.tag(Tag.bytes);
      out.byte(kind);
      out.count(bytes.length);
      out.raw(bytes);
    } else {
      this.tag(Tag.segment);
      out.byte(kind);
      out.count(segment);
      out.count(bytes.length);
    }
  }

  private gap(): void {
    this.out.byte(Tag.gap);
    this.bear(1);
  }

  private tag(tag: Tag): void {
    this.out.byte(tag);
    this.bear(weightOf(tag));
  }

  /** Of the message so far. */
  get weight(): number {
    return this.borne;
  }

  /** The message has so much more to hold. Throws `frame.tooLarge` for too much. */
  bear(weight: number): void {
    this.borne += weight;
    if (this.borne > this.limits.maxWeight) throw tooMany(this.limits);
  }

  /** Writes where in this message the object has occurred, if it has. */
  private again(value: object): boolean {
    const index = this.seen.indexOf(value);
    if (index < 0) return false;
    this.out.byte(Tag.same);
    this.out.count(index);
    return true;
  }
}

function isBoxed(value: object): boolean {
  return (
    value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    value instanceof BigInt
  );
}

/** What was transferred elsewhere cannot be looked at any more. */
function readable(value: Binary): Uint8Array<ArrayBuffer> {
  try {
    return bytesOf(value);
  } catch {
    throw unserializable('bytes that were transferred elsewhere');
  }
}

function tooMany({ maxWeight }: Pick<Limits, 'maxWeight'>): GreenroomError {
  return new GreenroomError(
    'frame.tooLarge',
    `a message has too many values, which weigh more than ${maxWeight} together; send it in parts`,
  );
}

function tooDeep({ maxDepth }: Pick<Limits, 'maxDepth'>): Unsendable {
  return unserializable(`a value that is nested too deeply: in more than ${maxDepth} others`);
}

function unserializable(what: string): Unsendable {
  return new Unsendable('value.unserializable', `cannot send ${what}`);
}

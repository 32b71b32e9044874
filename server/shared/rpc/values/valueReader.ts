import { GreenroomError, isGreenroomError } from '../../errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import { violation } from '../../protocol/violation.ts';
import { smallInteger, Tag } from '../../protocol/wire.ts';
import { toBinary, type Binary } from './byteKinds.ts';
import type { ByteReader } from './byteReader.ts';
import { createError, fillError } from './errorValues.ts';
import { bytesEach, readNumbers } from './packedNumbers.ts';
import { assign, Later, type Fields } from './later.ts';
import type { BytesRoad } from './segments.ts';
import { longest, numbersPerUnit, weightOf } from './weights.ts';

/** Gives what the references in a message stand for. */
export interface ReadReferences {
  /** A stand-in for an object of the other side. */
  theirs(number: number): unknown;
  /** The object of ours that comes home. Throws `reference.released` when it is ours no more. */
  ours(number: number): unknown;
  /** What a call of the other side has brought, or {@link Later}. Throws what the call threw. */
  result(call: number): unknown;
  /** The signal of the call that is being read. */
  signal(): unknown;
}

/** Reads what a `ValueWriter` wrote. Throws `protocol.violation` for what none would have written. */
export class ValueReader {
  private readonly objects: unknown[] = [];
  private readonly shapes: (readonly string[])[] = [];
  private weight = 0;

  constructor(
    private readonly input: ByteReader,
    private readonly limits: Pick<Limits, 'maxDepth' | 'maxWeight'>,
    private readonly references: ReadReferences,
    private readonly road: Pick<BytesRoad, 'take'>,
  ) {}

  /** Results in this message that are not there yet. */
  readonly later: Later[] = [];
  /** Why the message cannot be used although it is well-formed: a reference in it leads nowhere. */
  failure: unknown;

  /** Begins a message. */
  begin(): void {
    this.failure = undefined;
    this.weight = 0;
    this.forget();
  }

  /** Keeps nothing of the last message alive. */
  forget(): void {
    if (this.later.length > 0) this.later.length = 0;
    if (this.objects.length > 0) this.objects.length = 0;
    if (this.shapes.length > 0) this.shapes.length = 0;
  }

  /** `owner` and `key` are the place of the value, should it come only later. */
  read(depth = 0, owner?: object, key?: unknown): unknown {
    const { input } = this;
    const tag = input.byte();
    this.bear(1);
    if (tag >= smallInteger.tag) return tag - smallInteger.tag + smallInteger.min;
    switch (tag as Tag) {
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.int32:
        return input.int32();
      case Tag.float64:
        return input.float64();
      case Tag.integer:
        return this.integer();
      case Tag.text:
        return input.text();
      case Tag.bigint:
        return this.bigint();
      case Tag.same:
        return this.same();
      case Tag.mine:
        this.bear(weightOf(tag));
        return this.references.theirs(input.count());
      case Tag.yours:
        return this.ours(input.count());
      case Tag.result:
        this.bear(weightOf(tag));
        return this.result(input.count(), owner, key);
      case Tag.signal:
        return this.references.signal();
      default:
        if (depth > this.limits.maxDepth) throw violation('a value is nested too deeply');
        return this.object(tag, depth);
    }
  }

  private object(tag: Tag, depth: number): unknown {
    const { input } = this;
    this.bear(weightOf(tag));
    switch (tag) {
      case Tag.object:
        return this.fields(this.known({}), depth);
      case Tag.array:
        return this.array(depth);
      case Tag.numbers: {
        const form = input.byte();
        const bytes = bytesEach(form);
        if (bytes === undefined) throw violation('numbers of a strange form');
        const count = input.countOf(bytes);
        this.bear(Math.ceil(count / numbersPerUnit));
        return this.known(readNumbers(count, form, input));
      }
      case Tag.map:
        return this.map(depth);
      case Tag.set:
        return this.set(depth);
      case Tag.date:
        return this.known(new Date(input.float64()));
      case Tag.regexp:
        return this.known(regexp(input.text(), input.text()));
      case Tag.error:
        return this.error(depth);
      case Tag.bytes: {
        const kind = input.byte();
        const bytes = new Uint8Array(input.raw(input.countOf(1)));
        return this.known(binary(kind, bytes));
      }
      case Tag.segment: {
        const kind = input.byte();
        return this.known(binary(kind, this.road.take(input.count(), input.count())));
      }
      case Tag.boxed: {
        if (!isPrimitive(input.nextByte)) throw violation('an object for what has none');
        const index = this.objects.push(undefined) - 1;
        return (this.objects[index] = Object(this.read(depth + 1)) as unknown);
      }
      default:
        throw violation(`a value of the unknown kind ${tag}`);
    }
  }

  private array(depth: number): unknown[] {
    const length = this.input.countOf(1);
    this.assertBearable(length); // before there is a list of that length
    const array = this.known(new Array<unknown>(length));
    for (let index = 0; index < length; index++) {
      if (this.input.skipIf(Tag.gap)) this.bear(1);
      else array[index] = this.read(depth + 1, array, index);
    }
    return array;
  }

  private fields(object: Fields, depth: number): Fields {
    for (const name of this.shape()) {
      assign(object, name, this.read(depth + 1, object, name));
    }
    return object;
  }

  private shape(): readonly string[] {
    const { input } = this;
    const number = input.count();
    if (number > 0) {
      const shape = this.shapes[number - 1];
      if (!shape) throw violation('a shape that was not told');
      return shape;
    }
    const shape: string[] = [];
    for (let left = input.countOf(1); left > 0; left--) {
      this.bear(1);
      shape.push(input.text());
    }
    this.shapes.push(shape);
    return shape;
  }

  private map(depth: number): Map<unknown, unknown> {
    const map = this.known(new Map<unknown, unknown>());
    for (let left = this.input.countOf(2); left > 0; left--) {
      const key = this.read(depth + 1);
      map.set(key, this.read(depth + 1, map, key));
    }
    return map;
  }

  private set(depth: number): Set<unknown> {
    const set = this.known(new Set<unknown>());
    for (let left = this.input.countOf(1); left > 0; left--) {
      set.add(this.read(depth + 1, set));
    }
    return set;
  }

  private error(depth: number): Error {
    const error = this.known(createError(this.input.text(), this.input.boolean()));
    const from = this.later.length;
    const fields = this.fields({}, depth);
    fillError(error, fields);
    // What comes later belongs into the error, not into the list of its fields.
    for (let index = from; index < this.later.length; index++) {
      const place = this.later[index]!;
      if (place.owner === fields || place.owner === fields['own']) place.owner = error;
    }
    return error;
  }

  private integer(): number {
    const value = this.input.float64();
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      throw violation('a whole number that is none');
    }
    return value;
  }

  private bigint(): bigint {
    const { input } = this;
    const isNegative = input.boolean();
    const length = input.countOf(1);
    if (length > longest.bigintBytes) throw violation('a whole number that is too large');
    const digits: string[] = [];
    for (const byte of input.raw(length)) digits.push(byte.toString(16).padStart(2, '0'));
    const magnitude = digits.length === 0 ? 0n : BigInt(`0x${digits.reverse().join('')}`);
    return isNegative ? -magnitude : magnitude;
  }

  private same(): unknown {
    const index = this.input.count();
    if (index >= this.objects.length) throw violation('an object that did not occur');
    return this.objects[index];
  }

  private ours(number: number): unknown {
    try {
      return this.references.ours(number);
    } catch (error) {
      return this.unusable(error);
    }
  }

  private result(call: number, owner: object | undefined, key: unknown): unknown {
    try {
      const value = this.references.result(call);
      if (!(value instanceof Later)) return value;
      if (!owner) throw new GreenroomError('value.unserializable', 'a result as the key of a map');
      value.owner = owner;
      value.key = key;
      this.later.push(value);
      return value;
    } catch (error) {
      return this.unusable(error);
    }
  }

  /** The message is still read to its end; only one that none would have written is not. */
  private unusable(error: unknown): undefined {
    if (isGreenroomError(error, 'protocol.violation')) throw error;
    this.failure ??= error;
    return undefined;
  }

  /** The message has so much more to hold. Throws `protocol.violation` for too much. */
  bear(weight: number): void {
    this.assertBearable(weight);
    this.weight += weight;
  }

  private assertBearable(weight: number): void {
    if (this.weight + weight <= this.limits.maxWeight) return;
    throw violation('a message has too many values');
  }

  private known<T>(object: T): T {
    this.objects.push(object);
    return object;
  }
}

/** What the language has objects for; only the tag tells, since a result may be anything. */
function isPrimitive(tag: number | undefined): boolean {
  return tag !== undefined && (tag >= smallInteger.tag || primitives.has(tag));
}

const primitives: ReadonlySet<number> = new Set([
  Tag.false,
  Tag.true,
  Tag.int32,
  Tag.float64,
  Tag.integer,
  Tag.text,
  Tag.bigint,
]);

function regexp(source: string, flags: string): RegExp {
  if (source.length > longest.patternUnits)
    throw violation('a regular expression that is too long');
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw violation('a regular expression that is none', { cause });
  }
}

function binary(kind: number, bytes: Uint8Array<ArrayBuffer>): Binary {
  const value = toBinary(kind, bytes);
  if (!value) throw violation('bytes of an unknown kind');
  return value;
}

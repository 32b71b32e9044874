import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';

interface Exported {
  readonly value: object;
  /** How often it was sent; the other side releases it as often. */
  times: number;
}

/** The number of the root, which every side that serves has and never releases. */
export const ROOT = 0;

/** Objects of this side that the other may use. The same object has the same number as long as it is used. */
export class Exports {
  private readonly byNumber = new Map<number, Exported>();
  private readonly numbers = new Map<object, number>();
  private nextNumber = 1;

  constructor(
    root: object | undefined,
    private readonly limits: Limits,
  ) {
    if (root) this.byNumber.set(ROOT, { value: root, times: 0 });
  }

  /** How many there are, the root not counted. */
  get size(): number {
    return this.numbers.size;
  }

  /** The number under which the object is sent. */
  add(value: object): number {
    let number = this.numbers.get(value);
    const exported = number === undefined ? undefined : this.byNumber.get(number);
    if (number === undefined || !exported) {
      if (this.size >= this.limits.maxReferences) throw tooMany(this.limits.maxReferences);
      number = this.nextNumber++;
      this.numbers.set(value, number);
      this.byNumber.set(number, { value, times: 1 });
    } else {
      exported.times++;
    }
    return number;
  }

  /** A message with it was not sent after all. */
  takeBack(number: number): void {
    if (this.byNumber.has(number)) this.release(number, 1); // unless everything was given up meanwhile
  }

  /** Throws `reference.released`, or `protocol.violation` for a number that was never sent. */
  get(number: number): object {
    const exported = this.byNumber.get(number);
    if (exported) return exported.value;
    if (number === ROOT || number >= this.nextNumber) {
      throw violation(`object ${number} is not known here`);
    }
    throw new GreenroomError('reference.released', `object ${number} has been released`);
  }

  release(number: number, times: number): void {
    const exported = this.byNumber.get(number);
    if (!exported || number === ROOT || times > exported.times) {
      throw violation(`object ${number} cannot be released`);
    }
    exported.times -= times;
    if (exported.times > 0) return;
    this.byNumber.delete(number);
    this.numbers.delete(exported.value);
  }

  clear(): void {
    this.byNumber.clear();
    this.numbers.clear();
  }
}

export function tooMany(most: number): GreenroomError {
  return new GreenroomError('queue.full', `${most} objects are kept already`);
}

const fewObjects = 8;

/** The objects of one message, numbered as they occur. */
export class Seen {
  private readonly few: object[] = [];
  /** As long as none has occurred again, in their order: adding one tells whether it has, and is all it takes. */
  private readonly different = new Set<object>();
  /** From then on. */
  private readonly numbers = new Map<object, number>();

  clear(): void {
    if (this.few.length > 0) this.few.length = 0;
    if (this.different.size > 0) this.different.clear();
    if (this.numbers.size > 0) this.numbers.clear();
  }

  /** The number of an object that has occurred; -1 for one that now has. */
  indexOf(value: object): number {
    const { few, different, numbers } = this;
    if (few.length < fewObjects) {
      const index = few.indexOf(value);
      if (index < 0) few.push(value);
      return index;
    }
    if (numbers.size > 0) return this.numberOf(value);
    if (different.size === 0) for (const object of few) different.add(object);
    const { size } = different;
    if (different.add(value).size > size) return -1;
    for (const object of different) numbers.set(object, numbers.size);
    different.clear();
    return numbers.get(value)!;
  }

  private numberOf(value: object): number {
    const number = this.numbers.get(value);
    if (number !== undefined) return number;
    this.numbers.set(value, this.numbers.size);
    return -1;
  }
}

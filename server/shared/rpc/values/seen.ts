const fewObjects = 8;

/** The objects of one message, numbered as they occur. */
export class Seen {
  private few: object[] = [];
  private readonly many = new Map<object, number>();

  clear(): void {
    if (this.few.length > 0) this.few.length = 0;
    if (this.many.size > 0) this.many.clear();
  }

  /** The number of an object that has occurred; -1 for one that now has. */
  indexOf(value: object): number {
    if (this.few.length < fewObjects) {
      const index = this.few.indexOf(value);
      if (index < 0) this.few.push(value);
      return index;
    }
    if (this.many.size === 0) this.few.forEach((object, index) => this.many.set(object, index));
    const index = this.many.get(value);
    if (index !== undefined) return index;
    this.many.set(value, this.many.size);
    return -1;
  }
}

/** Keeps the last `capacity` items, oldest first. */
export class Ring<T> {
  private readonly slots: T[] = [];
  private next = 0;

  constructor(private readonly capacity: number) {}

  add(item: T): void {
    this.slots[this.next] = item;
    this.next = (this.next + 1) % this.capacity;
  }

  toArray(): T[] {
    const wrapped = this.slots.length === this.capacity ? this.next : 0;
    return [...this.slots.slice(wrapped), ...this.slots.slice(0, wrapped)];
  }

  clear(): void {
    this.slots.length = 0;
    this.next = 0;
  }
}

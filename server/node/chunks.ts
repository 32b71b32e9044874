import { Buffer } from 'node:buffer';

/**
 * So many chunks become one, if they are small. A chunk takes some 200 bytes beside its own: much for a few
 * bytes, little for a kibibyte.
 */
const manyChunks = 1_024;
const smallBytes = 1_024;

/**
 * Bytes that are gathered until there are enough. However small the chunks in which they come, they take
 * hardly more memory than there are bytes in them.
 */
export class Chunks {
  private chunks: Buffer[] = [];
  /** How many of them, from the first on, stay as they are until all are taken. */
  private settled = 0;
  private held = 0;

  get length(): number {
    return this.held;
  }

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.chunks.length - this.settled >= manyChunks) this.settle();
  }

  /** All of them as one, which is not copied when there is only one. */
  take(): Buffer {
    const [first] = this.chunks;
    const whole = this.chunks.length === 1 && first ? first : Buffer.concat(this.chunks);
    this.chunks = [];
    this.settled = 0;
    this.held = 0;
    return whole;
  }

  private settle(): void {
    const newest = this.chunks.slice(this.settled);
    const bytes = newest.reduce((sum, { length }) => sum + length, 0);
    if (bytes < newest.length * smallBytes) {
      this.chunks.splice(this.settled, newest.length, Buffer.concat(newest, bytes));
    }
    this.settled = this.chunks.length;
  }
}

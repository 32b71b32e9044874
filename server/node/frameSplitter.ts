import { Buffer } from 'node:buffer';
import { violation } from '../shared/protocol/violation.ts';
import { lengthBytes } from '../shared/protocol/wire.ts';

/**
 * Cuts a byte stream into frames, however the chunks fall. A frame is its length (four bytes, unsigned,
 * little-endian) and its body. One that arrives in pieces is put together once, when it is complete.
 */
export class FrameSplitter {
  private pieces: Buffer[] = [];
  private bytes = 0;
  /** Length of the frame whose pieces are being gathered, with its length bytes; 0 while unknown. */
  private wanted = 0;

  constructor(
    private readonly maxFrameBytes: number,
    private readonly onFrame: (body: Buffer) => void,
  ) {}

  /** Bytes of a frame that has not come to its end. */
  get unfinishedBytes(): number {
    return this.bytes;
  }

  /** Hands out every frame that the chunk completes. Throws `protocol.violation` for one too large. */
  push(chunk: Buffer): void {
    if (this.bytes === 0) return this.cut(chunk);
    this.pieces.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes >= Math.max(this.wanted, lengthBytes)) this.join();
  }

  private cut(chunk: Buffer): void {
    let at = 0;
    while (chunk.length - at >= lengthBytes) {
      const end = at + lengthBytes + this.bounded(chunk.readUInt32LE(at));
      if (end > chunk.length) {
        this.wanted = end - at;
        break;
      }
      this.onFrame(chunk.subarray(at + lengthBytes, end));
      at = end;
    }
    if (at === chunk.length) return;
    this.pieces.push(at === 0 ? chunk : chunk.subarray(at));
    this.bytes = chunk.length - at;
  }

  private join(): void {
    const [first] = this.pieces;
    const whole = this.pieces.length === 1 && first ? first : Buffer.concat(this.pieces);
    this.pieces = [];
    this.bytes = 0;
    this.wanted = 0;
    this.cut(whole);
  }

  private bounded(length: number): number {
    if (length <= this.maxFrameBytes) return length;
    throw violation(`a frame of ${length} bytes was announced; the limit is ${this.maxFrameBytes}`);
  }
}

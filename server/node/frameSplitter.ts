import type { Buffer } from 'node:buffer';
import { violation } from '../shared/protocol/violation.ts';
import { lengthBytes } from '../shared/protocol/wire.ts';
import { Chunks } from './chunks.ts';

/**
 * Cuts a byte stream into frames, however the chunks fall. A frame is its length (four bytes, unsigned,
 * little-endian) and its body. One that arrives in chunks is put together when it is complete.
 */
export class FrameSplitter {
  private readonly chunks = new Chunks();
  /** Length of the frame that is being gathered, with its length bytes; 0 while unknown. */
  private wanted = 0;

  constructor(
    private readonly maxFrameBytes: number,
    private readonly onFrame: (body: Buffer) => void,
  ) {}

  /** Bytes of a frame that has not come to its end. */
  get unfinishedBytes(): number {
    return this.chunks.length;
  }

  /** Hands out every frame that the chunk completes. Throws `protocol.violation` for one too large. */
  push(chunk: Buffer): void {
    const { chunks } = this;
    if (chunks.length === 0) return this.cut(chunk);
    chunks.add(chunk);
    if (chunks.length < Math.max(this.wanted, lengthBytes)) return;
    this.wanted = 0;
    this.cut(chunks.take());
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
    if (at < chunk.length) this.chunks.add(at === 0 ? chunk : chunk.subarray(at));
  }

  private bounded(length: number): number {
    if (length <= this.maxFrameBytes) return length;
    throw violation(`a frame of ${length} bytes was announced; the limit is ${this.maxFrameBytes}`);
  }
}

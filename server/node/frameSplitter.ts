import { Buffer } from 'node:buffer';
import { violation } from '../shared/protocol/messages.ts';

const lengthBytes = 4;

/** Puts the length in front of a frame: four bytes, unsigned, little-endian. */
export function lengthPrefix(frame: Uint8Array): Buffer {
  const prefix = Buffer.allocUnsafe(lengthBytes);
  prefix.writeUInt32LE(frame.byteLength);
  return prefix;
}

/**
 * Cuts a byte stream into frames, however the chunks fall. Keeps at most one unfinished frame and
 * copies its bytes once, when it is complete.
 */
export class FrameSplitter {
  private chunks: Buffer[] = [];
  private bufferedBytes = 0;
  private frameBytes: number | undefined;

  constructor(private readonly maxFrameBytes: number) {}

  /** Bytes of a frame that has not come to its end. */
  get unfinishedBytes(): number {
    return this.bufferedBytes;
  }

  /** Takes a chunk and yields every frame it completes. Throws `protocol.violation` for one too large. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.bufferedBytes += chunk.byteLength;
    for (;;) {
      this.frameBytes ??= this.readLength();
      if (this.frameBytes === undefined || this.bufferedBytes < this.frameBytes) return;
      const frame = this.take(this.frameBytes);
      this.frameBytes = undefined;
      yield frame;
    }
  }

  private readLength(): number | undefined {
    if (this.bufferedBytes < lengthBytes) return undefined;
    const length = this.take(lengthBytes).readUInt32LE();
    if (length > this.maxFrameBytes) {
      throw violation(
        `a frame of ${length} bytes was announced; the limit is ${this.maxFrameBytes}`,
      );
    }
    return length;
  }

  private take(bytes: number): Buffer {
    const [first] = this.chunks;
    if (!first || first.byteLength < bytes) this.chunks = [Buffer.concat(this.chunks)];
    const whole = this.chunks[0] ?? Buffer.alloc(0);
    this.bufferedBytes -= bytes;
    if (whole.byteLength === bytes) this.chunks.shift();
    else this.chunks[0] = whole.subarray(bytes);
    return whole.subarray(0, bytes);
  }
}

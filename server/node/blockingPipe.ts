import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import type { BlockingPipe } from '../shared/rpc/syncChannel.ts';

const lengthBytes = 4;

/** Frames over a descriptor that was inherited as it is: reading and writing wait. */
export class BlockingDescriptor implements BlockingPipe {
  constructor(
    private readonly descriptor: number,
    private readonly maxFrameBytes: number,
  ) {}

  send(frame: Uint8Array): void {
    for (let at = 0; at < frame.length;) at += fs.writeSync(this.descriptor, frame, at);
  }

  receive(): Uint8Array {
    const length = this.read(lengthBytes).readUInt32LE();
    if (length > this.maxFrameBytes) throw new Error(`a frame of ${length} bytes was announced`);
    return this.read(length);
  }

  private read(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length;) {
      const read = fs.readSync(this.descriptor, bytes, at, length - at, null);
      if (read === 0) throw new Error('the host has closed the channel');
      at += read;
    }
    return bytes;
  }
}

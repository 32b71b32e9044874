import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { GreenroomError } from '../shared/errors.ts';
import { messageOf } from '../shared/toldErrors.ts';
import { violation } from '../shared/protocol/violation.ts';
import { lengthBytes } from '../shared/protocol/wire.ts';
import type { BlockingPipe } from '../shared/rpc/syncChannel.ts';

/** Frames over a descriptor that was inherited as it is: reading and writing wait. */
export class BlockingDescriptor implements BlockingPipe {
  constructor(
    private readonly descriptor: number,
    private readonly maxFrameBytes: number,
  ) {}

  /** Throws `call.syncUnavailable` when there is no such descriptor, or nobody who reads. */
  send(frame: Uint8Array): void {
    try {
      for (let at = 0; at < frame.length;) at += fs.writeSync(this.descriptor, frame, at);
    } catch (cause) {
      throw new GreenroomError(
        'call.syncUnavailable',
        `the channel for calls that are waited for is not there: ${messageOf(cause)}`,
        { cause },
      );
    }
  }

  /** Throws `protocol.violation` for a frame too large, and `session.closed` at the end. */
  receive(): Uint8Array {
    const length = this.read(lengthBytes).readUInt32LE();
    if (length <= this.maxFrameBytes) return this.read(length);
    throw violation(`a frame of ${length} bytes was announced; the limit is ${this.maxFrameBytes}`);
  }

  private read(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length;) {
      const read = fs.readSync(this.descriptor, bytes, at, length - at, null);
      if (read === 0) throw new GreenroomError('session.closed', 'the host has closed the channel');
      at += read;
    }
    return bytes;
  }
}

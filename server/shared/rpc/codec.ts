import type { Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { parseMessage, violation, type Message } from '../protocol/messages.ts';
import { assertPlainData } from './plainData.ts';

/** Turns messages into frames and back. Values are plain data; anything else is refused by its path. */
export class Codec {
  constructor(
    private readonly platform: Pick<Platform, 'encodeText' | 'decodeText'>,
    private readonly limits: Limits,
  ) {}

  /** Throws `value.unserializable` or `frame.tooLarge`; nothing has been sent then. */
  encode(message: Message): Uint8Array {
    if (message.kind === 'call') assertPlainData(message.args, 'arguments', this.limits.maxDepth);
    if (message.kind === 'result') assertPlainData(message.value, 'result', this.limits.maxDepth);
    const frame = this.platform.encodeText(JSON.stringify(message));
    if (frame.byteLength > this.limits.maxFrameBytes) {
      throw new GreenroomError(
        'frame.tooLarge',
        `a message of ${frame.byteLength} bytes is larger than the limit of ${this.limits.maxFrameBytes}`,
      );
    }
    return frame;
  }

  /** Throws `protocol.violation`. */
  decode(frame: Uint8Array): Message {
    let raw: unknown;
    try {
      raw = JSON.parse(this.platform.decodeText(frame));
    } catch (cause) {
      throw violation('a frame is not JSON', { cause });
    }
    return parseMessage(raw, this.limits);
  }
}

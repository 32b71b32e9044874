import type { Platform } from '../../base/platform.ts';
import { GreenroomError } from '../../errors.ts';
import { TextForm } from '../../protocol/wire.ts';

const firstBytes = 16 * 1024;
/** A text of so many bytes has its length in one. */
const longestShort = TextForm.utf16 - 1;
/** By so much the length of a longer one is longer. */
const longerBy = 4;

/** Bytes of a frame under construction, in a buffer that grows and is used again. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  /** How many bytes have been written. Setting it back takes away what came after. */
  length = 0;
  private view: DataView;

  constructor(
    private readonly platform: Pick<Platform, 'allocate' | 'text'>,
    private readonly maxBytes: number,
    first = firstBytes,
  ) {
    this.bytes = platform.allocate(first);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
  count(value: number): void {
    if (value < 0x80) return this.byte(value);
    this.ensure(8);
    while (value >= 0x80) {
      this.bytes[this.length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.bytes[this.length++] = value;
  }

  int32(value: number): void {
    this.ensure(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  float64(value: number): void {
    this.ensure(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  text(text: string): void {
    const { length } = text;
    if (length <= 40 && this.shortAscii(text, length)) return;
    if (!text.isWellFormed()) return this.utf16(text);
    this.ensure(5 + length * 3);
    const isSurelyLong = length > longestShort;
    const at = this.length + 1;
    const bytes = this.platform.text.write(text, this.bytes, isSurelyLong ? at + longerBy : at);
    if (bytes <= longestShort) {
      this.bytes[this.length] = bytes;
      this.length = at + bytes;
      return;
    }
    if (!isSurelyLong) this.bytes.copyWithin(at + longerBy, at, at + bytes);
    this.bytes[this.length] = TextForm.utf8;
    this.view.setUint32(at, bytes, true);
    this.length = at + longerBy + bytes;
  }

  raw(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Throws `frame.tooLarge` for what can never be sent, before it is written. */
  assertRoomFor(bytes: number): void {
    if (bytes > this.maxBytes) throw tooLarge(bytes, this.maxBytes);
  }

  /** The first four bytes of what began at `at` become its length, they themselves not counted. */
  putLength(at: number): void {
    this.view.setUint32(at, this.length - at - 4, true);
  }

  /** Hands out the buffer, because someone else needs it for longer; writing begins in a new one. */
  detach(): void {
    this.bytes = this.platform.allocate(firstBytes);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
    this.length = 0;
  }

  /** Gives back the memory that one large frame has taken. */
  shrink(): void {
    if (this.bytes.length > 64 * firstBytes) this.detach();
  }

  private shortAscii(text: string, length: number): boolean {
    this.ensure(length + 1);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      bytes[at++] = code;
    }
    this.length = at;
    return true;
  }

  private utf16(text: string): void {
    this.ensure(5 + text.length * 2);
    this.bytes[this.length] = TextForm.utf16;
    this.view.setUint32(this.length + 1, text.length, true);
    this.length += 5;
    for (let index = 0; index < text.length; index++) {
      this.view.setUint16(this.length, text.charCodeAt(index), true);
      this.length += 2;
    }
  }

  private ensure(more: number): void {
    if (this.length + more > this.bytes.length) this.grow(more);
  }

  private grow(more: number): void {
    const needed = this.length + more;
    // A text is given room for the worst case; what it really takes is looked at when it is sent.
    if (needed > this.maxBytes * 3 + firstBytes) throw tooLarge(needed, this.maxBytes);
    const grown = this.platform.allocate(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer, grown.byteOffset);
  }
}

export function tooLarge(bytes: number, maxBytes: number): GreenroomError {
  return new GreenroomError(
    'frame.tooLarge',
    `a message could become ${bytes} bytes long, more than the limit of ${maxBytes}; large binary values do not count`,
  );
}

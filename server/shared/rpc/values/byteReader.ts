import type { TextCoding } from '../../base/platform.ts';
import { violation } from '../../protocol/violation.ts';
import { TextForm } from '../../protocol/wire.ts';
import { KnownTexts } from './knownTexts.ts';

const longestKnown = 24;
const unitsAtOnce = 4_096;

/** Reads a frame from front to back. Everything it hands out is bounded by the bytes there are. */
export class ByteReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private at = 0;
  private readonly known = new KnownTexts();

  constructor(private readonly textCoding: TextCoding) {}

  open(frame: Uint8Array): void {
    this.bytes = frame;
    this.view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    this.at = 0;
  }

  /** Forgets the frame, which belongs to someone else. */
  close(): void {
    this.open(new Uint8Array(0));
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw truncated();
    this.at++;
    return value;
  }

  /** A byte that says yes or no. */
  boolean(): boolean {
    const value = this.byte();
    if (value > 1) throw violation('neither yes nor no');
    return value === 1;
  }

  /** The byte that is read next; undefined at the end of the frame. */
  get nextByte(): number | undefined {
    return this.bytes[this.at];
  }

  /** Takes the next byte if it is this one. */
  skipIf(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  count(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value -= 0x80;
    for (let unit = 0x80; ; unit *= 0x80) {
      const next = this.byte();
      value += (next & 0x7f) * unit;
      if (next < 0x80) break;
      if (unit > 2 ** 46) throw violation('a number does not end');
    }
    if (!Number.isSafeInteger(value)) throw violation('a number is too large');
    return value;
  }

  /** A number of things that follow, each of them at least `bytesEach` long. */
  countOf(bytesEach: number): number {
    const value = this.count();
    if (value * bytesEach > this.left) throw truncated();
    return value;
  }

  int32(): number {
    const { at } = this;
    this.skip(4);
    return this.view.getInt32(at, true);
  }

  float64(): number {
    const { at } = this;
    this.skip(8);
    return this.view.getFloat64(at, true);
  }

  text(): string {
    const first: TextForm = this.byte();
    if (first < TextForm.utf16) return this.utf8(first);
    const { at } = this;
    this.skip(4);
    const length = this.view.getUint32(at, true);
    return first === TextForm.utf8 ? this.utf8(length) : this.utf16(length);
  }

  /** The next bytes themselves, not a copy: they are the reader's only as long as the frame is. */
  raw(length: number): Uint8Array {
    const { at } = this;
    this.skip(length);
    return this.bytes.subarray(at, at + length);
  }

  private utf8(length: number): string {
    const from = this.at;
    this.skip(length);
    if (length === 0) return '';
    if (length <= longestKnown) {
      const text = this.known.find(this.bytes, from, length);
      if (text !== undefined) return text;
    }
    let text: string;
    try {
      text = this.textCoding.read(this.bytes, from, from + length);
    } catch (cause) {
      throw violation('a text is not UTF-8', { cause });
    }
    if (length <= longestKnown) this.known.add(text);
    return text;
  }

  private utf16(units: number): string {
    const from = this.at;
    this.skip(units * 2);
    let text = '';
    for (let at = from; at < this.at; at += 2 * unitsAtOnce) {
      const end = Math.min(this.at, at + 2 * unitsAtOnce);
      const codes: number[] = [];
      for (let unit = at; unit < end; unit += 2) codes.push(this.view.getUint16(unit, true));
      text += String.fromCharCode(...codes);
    }
    return text;
  }

  private skip(bytes: number): void {
    if (bytes > this.left) throw truncated();
    this.at += bytes;
  }
}

function truncated(): Error {
  return violation('a frame ends too early');
}

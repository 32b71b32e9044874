import type { Platform } from '../../base/platform.ts';
import { GreenroomError } from '../../errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import { violation } from '../../protocol/violation.ts';
import { lengthBytes, Op } from '../../protocol/wire.ts';
import { ByteWriter } from './byteWriter.ts';

/** What a frame holds beside the bytes of its piece, at most. */
const headBytes = 16;
const pieceBytes = 1024 * 1024;
/** Up to here a message may grow by the bytes in it; then they go ahead. */
const roomInMessage = 1024 * 1024;
/** Bytes from here on are large: they need not be in the message. */
export const largeFromBytes = 64 * 1024;

/** Whether bytes should go ahead of a message that has become so long. */
export function belongAhead(bytes: number, messageBytes: number, limits: Limits): boolean {
  const room = Math.min(roomInMessage, limits.maxFrameBytes);
  return bytes >= largeFromBytes && messageBytes + bytes > room;
}

/** Large bytes of one message that go ahead of it, in frames which are ready to be sent. */
export class Pieces {
  readonly frames: Uint8Array[] = [];
  /** How much memory they take. */
  bytes = 0;
  private readonly longest: number;

  constructor(
    private readonly platform: Pick<Platform, 'allocate' | 'text'>,
    { maxFrameBytes }: Limits,
  ) {
    this.longest = Math.max(1, Math.min(pieceBytes, maxFrameBytes - headBytes));
  }

  /** Adds a copy: they are sent as they are now. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += this.longest) {
      const frame = this.frameOf(bytes.subarray(at, at + this.longest));
      this.frames.push(frame);
      this.bytes += frame.length;
    }
  }

  private frameOf(piece: Uint8Array): Uint8Array {
    const most = piece.length + headBytes;
    const out = new ByteWriter(this.platform, most, most);
    out.length = lengthBytes;
    out.byte(Op.piece);
    out.count(piece.length);
    out.raw(piece);
    out.putLength(0);
    return out.bytes.subarray(0, out.length);
  }
}

/** Whether a frame that is ready to be sent holds a piece, and nothing else. */
export function holdsPiece(frame: Uint8Array): boolean {
  return (frame[lengthBytes] as Op | undefined) === Op.piece;
}

/** How much all channels of a connection may hold together. */
export class PieceBudget {
  private spent = 0;

  constructor(private readonly maxBytes: number) {}

  /** Throws `protocol.violation` for more than is allowed. */
  spend(bytes: number): void {
    this.spent += bytes;
    if (this.spent <= this.maxBytes) return;
    throw violation(`more than ${this.maxBytes} bytes came ahead of a message`);
  }

  giveBack(bytes: number): void {
    this.spent -= bytes;
  }
}

/**
 * Bytes of the other side that have come ahead of the message they belong to, until its values take
 * them in order. However small the pieces, they cost hardly more memory than there are bytes in them.
 */
export class HeldPieces {
  private readonly chunks: Uint8Array<ArrayBuffer>[] = [];
  /** Where in the first chunk the bytes begin. */
  private start = 0;
  private held = 0;

  constructor(private readonly budget: PieceBudget) {}

  /** Bytes that are still to be taken. */
  get bytes(): number {
    return this.held;
  }

  /** Only before values begin to take. Throws `protocol.violation` for more than is allowed. */
  add(piece: Uint8Array): void {
    if (piece.length === 0) throw violation('a piece of nothing');
    this.budget.spend(piece.length);
    for (let at = 0; at < piece.length;) {
      const place = this.held % pieceBytes;
      const chunk = (this.chunks[Math.floor(this.held / pieceBytes)] ??= new Uint8Array(
        pieceBytes,
      ));
      const part = piece.subarray(at, at + pieceBytes - place);
      chunk.set(part, place);
      at += part.length;
      this.held += part.length;
    }
  }

  /** The next bytes. Throws `protocol.violation` when they have not come. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.held) throw violation(`${length} bytes did not come ahead of their message`);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const part = this.chunks[0]!.subarray(this.start, this.start + length - at);
      bytes.set(part, at);
      at += part.length;
      this.drop(part.length);
    }
    return bytes;
  }

  /** A message has ended. Throws `protocol.violation` when it has not taken what came for it. */
  assertTaken(): void {
    if (this.held > 0) throw violation(`${this.held} bytes came ahead of a message without them`);
  }

  clear(): void {
    this.budget.giveBack(this.held);
    this.chunks.length = 0;
    this.start = this.held = 0;
  }

  private drop(bytes: number): void {
    this.budget.giveBack(bytes);
    this.held -= bytes;
    this.start += bytes;
    if (this.held === 0) return this.clear();
    if (this.start < pieceBytes) return;
    this.chunks.shift();
    this.start = 0;
  }
}

/** Throws `frame.tooLarge` for a message with more large bytes than any road takes. */
export function assertNotTooMany(bytes: number, { maxAheadBytes }: Limits): void {
  if (bytes <= maxAheadBytes) return;
  throw new GreenroomError(
    'frame.tooLarge',
    `a message has ${bytes} bytes in large binary values, more than the limit of ${maxAheadBytes}`,
  );
}

import { Emitter } from '../base/event.ts';
import type { Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { lengthBytes } from '../protocol/wire.ts';
import type { Transport } from './transport.ts';
import { ByteWriter, tooLarge } from './values/byteWriter.ts';
import { holdsPiece, type Pieces } from './values/pieces.ts';

/** A frame that has grown this large is closed, and the next one begun. */
const fullBytes = 256 * 1024;

/** So many answers do not wait for the end of the turn: their reader is at work while others are made. */
const manyAnswers = 256;

/** Something whose first bytes are not settled before its frame leaves. */
export interface Unsettled {
  settle(bytes: Uint8Array): void;
  /** Its frame has left, or waits for that. This is not called when nothing of it will ever arrive. */
  left(): void;
}

/** What has become of a frame: in the third case its bytes are still needed. */
type Passage = 'left' | 'refused' | 'waits';

/** Gathers the messages of one turn of the event loop into one frame, and sends it when the turn ends. */
export class Outbox {
  readonly out: ByteWriter;
  private readonly unsettled: Unsettled[] = [];
  private readonly closed: Uint8Array[] = [];
  /** Of the frame that is being filled. */
  private answers = 0;
  private closedBytes = 0;
  /** Those of frames with pieces, which are not counted above. */
  private aheadBytes = 0;
  private readonly left = new Emitter<void>();
  /** Some of what had to wait has left. */
  readonly onLeft = this.left.event;
  /** A message has been begun, in the midst of which there cannot be another. */
  isWriting = false;
  private isScheduled = false;
  private isCongested = false;
  /** How many frames there have been so far, and how many of these have left. */
  private passed = 0;
  private gone = 0;
  private isOver = false;

  constructor(
    private readonly platform: Pick<Platform, 'allocate' | 'text' | 'endOfTurn'>,
    private readonly transport: Transport,
    private readonly limits: Limits,
    private readonly onOverflow: (error: Error) => void,
  ) {
    this.out = new ByteWriter(platform, limits.maxFrameBytes);
    this.out.length = lengthBytes;
  }

  /** So much waits for the other side that nothing more should be added. */
  get isFull(): boolean {
    const { maxUnsentBytes, maxAheadBytes } = this.limits;
    const { closedBytes, aheadBytes } = this;
    return closedBytes + aheadBytes > maxUnsentBytes / 16 || aheadBytes > maxAheadBytes;
  }

  /**
   * So much waits, of which most must be answers, that there should be none for a while: calls stop long
   * before.
   */
  get isCrowded(): boolean {
    const { maxUnsentBytes, maxAheadBytes } = this.limits;
    return this.closedBytes > maxUnsentBytes / 2 || this.aheadBytes > maxAheadBytes / 2;
  }

  /** Sends what there is; what it answers tells whether that has left. Throws as {@link begin} does. */
  flushed(): () => boolean {
    this.flush();
    const { passed } = this;
    return () => this.gone >= passed;
  }

  /**
   * Begins a message; its place is needed to end it or to take it back. Throws `value.unserializable`
   * in the middle of another one: a getter of something that is being sent has used the connection.
   */
  begin(): number {
    if (this.isWriting) throw inTheMiddle();
    if (this.out.length > fullBytes) this.close();
    this.isWriting = true;
    return this.out.length;
  }

  /** Takes back everything since `begin`. */
  undo(place: number): void {
    this.isWriting = false;
    this.out.length = place;
  }

  /**
   * Ends a message, and answers by how much it was moved to the front: one that does not fit into the
   * frame, or is to come after bytes of its own, begins another. Throws `frame.tooLarge` or
   * `queue.full`; it has been taken back then, and nothing was sent ahead.
   */
  end(place: number, ahead?: Pieces): number {
    this.isWriting = false;
    try {
      this.assertFits(place, ahead);
    } catch (error) {
      this.out.length = place;
      throw error;
    }
    const fits = !ahead && this.out.length - lengthBytes <= this.limits.maxFrameBytes;
    const moved = fits ? 0 : this.moveToNextFrame(place, ahead);
    if (!this.isScheduled) {
      this.isScheduled = true;
      this.platform.endOfTurn(this.endTurn);
    }
    return moved;
  }

  /** Throws when the message that began at `place` cannot be sent. */
  assertFits(place: number, ahead?: Pieces): void {
    const { maxFrameBytes, maxAheadBytes } = this.limits;
    const bytes = this.out.length - place;
    if (bytes > maxFrameBytes) throw tooLarge(bytes, maxFrameBytes);
    if (ahead && this.aheadBytes > maxAheadBytes) throw tooMuchWaits(this.aheadBytes);
  }

  /** Has the last word about the message that was ended last, before its frame leaves. */
  leaveUnsettled(message: Unsettled): void {
    this.unsettled.push(message);
  }

  /** An answer has been ended. Where there are many they go ahead, unless calls are among them. */
  answered(): void {
    if (++this.answers < manyAnswers || this.isCongested || this.unsettled.length > 0) return;
    this.closeUnlessEmpty();
  }

  /** Sends what there is now, without waiting for the end of the turn. Throws as {@link begin} does. */
  flush(): void {
    if (this.isWriting) throw inTheMiddle();
    this.closeUnlessEmpty();
  }

  dispose(): void {
    this.isOver = true;
    this.closed.length = 0;
    this.unsettled.length = 0;
    this.out.detach();
    this.out.length = lengthBytes;
  }

  private readonly endTurn = () => {
    this.isScheduled = false;
    if (!this.isOver && !this.isCongested) this.closeUnlessEmpty();
  };

  private moveToNextFrame(place: number, ahead: Pieces | undefined): number {
    const { out } = this;
    const message = new Uint8Array(out.bytes.subarray(place, out.length));
    out.length = place;
    this.closeUnlessEmpty();
    if (ahead) for (const frame of ahead.frames) this.pass(frame);
    out.raw(message);
    return place - lengthBytes;
  }

  private closeUnlessEmpty(): void {
    if (this.out.length > lengthBytes) this.close();
  }

  private close(): void {
    const { out, unsettled } = this;
    for (const message of unsettled) message.settle(out.bytes);
    out.putLength(0);
    const frame = out.bytes.subarray(0, out.length);
    try {
      const passage = this.pass(frame);
      if (passage === 'waits') out.detach();
      else out.shrink();
      if (passage !== 'refused') for (const message of unsettled) message.left();
    } finally {
      unsettled.length = 0;
      this.answers = 0;
      out.length = lengthBytes; // also what could not be sent is not sent later
    }
  }

  private pass(frame: Uint8Array): Passage {
    if (this.isOver) return 'refused';
    this.passed++;
    if (!this.isCongested) return this.send(frame);
    this.closed.push(frame);
    this.count(frame, frame.length);
    if (this.closedBytes > this.limits.maxUnsentBytes) this.overflow();
    return 'waits';
  }

  private count(frame: Uint8Array, bytes: number): void {
    if (holdsPiece(frame)) this.aheadBytes += bytes;
    else this.closedBytes += bytes;
  }

  private send(frame: Uint8Array): Passage {
    const leaving = this.transport.send(frame);
    if (leaving === false) return 'refused';
    if (!leaving) {
      this.gone++;
      return 'left';
    }
    this.isCongested = true;
    void leaving.then(hasLeft => this.resume(hasLeft));
    return 'waits';
  }

  private resume(hasLeft: boolean): void {
    this.isCongested = false;
    if (hasLeft) this.gone++;
    while (!this.isCongested && !this.isOver) {
      const next = this.closed.shift();
      if (!next) break;
      this.count(next, -next.length);
      this.send(next);
    }
    this.left.fire();
    if (!this.isCongested && !this.isOver) this.closeUnlessEmpty();
  }

  private overflow(): void {
    this.onOverflow(
      new GreenroomError(
        'protocol.violation',
        `the other side does not read: ${this.closedBytes} bytes wait for it`,
      ),
    );
  }
}

function tooMuchWaits(bytes: number): GreenroomError {
  return new GreenroomError('queue.full', `${bytes} bytes sent ahead of messages wait already`);
}

function inTheMiddle(): GreenroomError {
  return new GreenroomError(
    'value.unserializable',
    'a getter of a value that is being sent uses the connection',
  );
}

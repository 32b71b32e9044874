import type { Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import type { Transport } from './transport.ts';
import { ByteWriter, tooLarge } from './values/byteWriter.ts';

const lengthBytes = 4;
/** A frame that has grown this large is closed, and the next one begun. */
const fullBytes = 256 * 1024;

/** Something whose first bytes are not settled before its frame leaves. */
export interface Unsettled {
  settle(bytes: Uint8Array): void;
}

/** Gathers the messages of one turn of the event loop into one frame, and sends it when the turn ends. */
export class Outbox {
  readonly out: ByteWriter;
  private readonly unsettled: Unsettled[] = [];
  private readonly closed: Uint8Array[] = [];
  private closedBytes = 0;
  /** Called when what had to wait has left. */
  onRoom: (() => void) | undefined;
  private isWriting = false;
  private isScheduled = false;
  private isCongested = false;
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
    return this.closedBytes > this.limits.maxUnsentBytes / 16;
  }

  /**
   * Begins a message; its place is needed to end it or to take it back. Throws `value.unserializable`
   * in the middle of another one: a getter of something that is being sent has used the connection.
   */
  begin(): number {
    if (this.isWriting) throw inTheMiddle();
    this.isWriting = true;
    if (this.out.length > fullBytes) this.close();
    return this.out.length;
  }

  /** Takes back everything since `begin`. */
  undo(place: number): void {
    this.isWriting = false;
    this.out.length = place;
  }

  /**
   * Ends a message, and answers by how much it was moved to the front: one that does not fit into the
   * frame begins another. Throws `frame.tooLarge`; it has been taken back then.
   */
  end(place: number): number {
    this.isWriting = false;
    const bytes = this.out.length - place;
    if (bytes > this.limits.maxFrameBytes) {
      this.out.length = place;
      throw tooLarge(bytes, this.limits.maxFrameBytes);
    }
    const fits = this.out.length - lengthBytes <= this.limits.maxFrameBytes;
    const moved = fits ? 0 : this.moveToNextFrame(place);
    if (!this.isScheduled) {
      this.isScheduled = true;
      this.platform.endOfTurn(this.endTurn);
    }
    return moved;
  }

  /** Has the last word about the message that was ended last, before its frame leaves. */
  leaveUnsettled(message: Unsettled): void {
    this.unsettled.push(message);
  }

  /** Sends what there is now, without waiting for the end of the turn. */
  flush(): void {
    if (this.out.length > lengthBytes) this.close();
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
    if (!this.isOver && !this.isCongested) this.flush();
  };

  private moveToNextFrame(place: number): number {
    const { out } = this;
    const message = new Uint8Array(out.bytes.subarray(place, out.length));
    out.length = place;
    this.close();
    out.raw(message);
    return place - lengthBytes;
  }

  private close(): void {
    const { out } = this;
    for (const message of this.unsettled) message.settle(out.bytes);
    this.unsettled.length = 0;
    out.putLength(0);
    const frame = out.bytes.subarray(0, out.length);
    if (this.isCongested) {
      this.closed.push(frame);
      this.closedBytes += frame.length;
      out.detach();
      if (this.closedBytes > this.limits.maxUnsentBytes) this.overflow();
    } else if (this.send(frame)) {
      out.shrink();
    } else {
      out.detach();
    }
    out.length = lengthBytes;
  }

  /** Whether the frame has left; otherwise its bytes are the transport's. */
  private send(frame: Uint8Array): boolean {
    const leaving = this.transport.send(frame);
    if (!leaving) return true;
    this.isCongested = true;
    void leaving.then(() => this.resume());
    return false;
  }

  private resume(): void {
    this.isCongested = false;
    while (!this.isCongested && !this.isOver) {
      const next = this.closed.shift();
      if (!next) break;
      this.closedBytes -= next.length;
      this.send(next);
    }
    if (!this.isFull) this.onRoom?.();
    if (!this.isCongested && !this.isOver) this.flush();
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

function inTheMiddle(): GreenroomError {
  return new GreenroomError(
    'value.unserializable',
    'a getter of a value that is being sent uses the connection',
  );
}

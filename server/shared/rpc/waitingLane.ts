import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { Op } from '../protocol/wire.ts';
import type { MessageWriter, TakenOut } from './messageWriter.ts';
import type { OutgoingCall } from './outgoingCall.ts';
import { hasRoomFor, mostCalls } from './roomForCalls.ts';

interface Waiting extends TakenOut {
  /** Absent for a message that only belongs to an earlier call and must not overtake it. */
  readonly call: OutgoingCall | undefined;
  /** It asks for the result of the call, which has been sent before. */
  readonly isPull: boolean;
}

/**
 * Calls, and pulls of results, in the order they were made. So many may be under way; those beyond wait here,
 * written already, until answers make room, and everything that belongs to calls waits behind them.
 */
export class WaitingLane {
  private readonly waiting: Waiting[] = [];
  private first = 0;
  private waitingBytes = 0;
  private aheadBytes = 0;
  private underWay = 0;
  /** Of the messages of those. */
  private heldBytes = 0;

  constructor(
    private readonly messages: MessageWriter,
    private readonly limits: Limits,
    /** How many calls of the other side are being served here: each may need one of ours to end. */
    private readonly served: () => number,
  ) {
    messages.outbox.onLeft(() => this.sendWaiting());
  }

  /** Ends the message of a call. Throws `queue.full` when too much waits already. */
  end(place: number, call: OutgoingCall): void {
    if (this.isEmpty && this.hasRoomFor(call.bytes)) {
      call.flagsAt -= this.messages.end(place);
      this.sent(call);
      return;
    }
    this.assertRoomToWait();
    this.wait(place, call);
    call.flagsAt -= place;
    call.isWaiting = true;
    this.sendWaiting();
  }

  /** Sends what belongs to earlier calls. */
  add(op: Op, numbers: readonly number[]): void {
    const place = this.messages.begin();
    this.messages.writeNumbers(op, numbers);
    if (this.isEmpty) this.messages.end(place);
    else this.wait(place, undefined);
  }

  /**
   * Asks for the result of a call, which may be as much work for the other side as the call was: it counts as
   * one, from when the call itself does no more.
   */
  pull(call: OutgoingCall): void {
    const place = this.messages.begin();
    this.messages.writeNumbers(Op.pull, [call.id]);
    if (this.isEmpty && this.mayPull(call)) {
      this.messages.end(place);
      this.pullSent(call);
    } else this.wait(place, call, true);
  }

  /** A call has its answer, which makes room for another. */
  answered(call: OutgoingCall): void {
    if (!call.isPullSent) this.underWay--;
    this.heldBytes -= call.bytes;
    this.tryAgain();
  }

  /** A pull has its answer. */
  pulled(): void {
    this.underWay--;
    this.tryAgain();
  }

  /** There may be room now for calls that wait. */
  tryAgain(): void {
    if (!this.isEmpty) this.sendWaiting();
  }

  dispose(): void {
    this.waiting.length = 0;
    this.first = 0;
    this.waitingBytes = 0;
    this.aheadBytes = 0;
  }

  private get isEmpty(): boolean {
    return this.first === this.waiting.length;
  }

  private sent(call: OutgoingCall): void {
    this.messages.outbox.leaveUnsettled(call);
    this.underWay++;
    this.heldBytes += call.bytes;
  }

  private assertRoomToWait(): void {
    const { maxUnsentBytes, maxAheadBytes } = this.limits;
    const isFull = this.waitingBytes > maxUnsentBytes || this.aheadBytes > maxAheadBytes;
    const calls = this.underWay + this.waiting.length - this.first;
    if (!isFull && calls < mostCalls(this.limits, this.served())) return;
    const bytes = `${this.waitingBytes + this.aheadBytes} bytes of them are still to be sent`;
    throw new GreenroomError('queue.full', `${calls} calls wait for an answer already; ${bytes}`);
  }

  /** One that is under way does no more when its pull comes, though this side may not know that yet. */
  private mayPull(call: OutgoingCall): boolean {
    return this.hasRoomFor(0, call.isUnderWay ? this.underWay - 1 : this.underWay);
  }

  private pullSent(call: OutgoingCall): void {
    call.isPullSent = true;
    if (!call.isUnderWay) this.underWay++;
  }

  private hasRoomFor(bytes: number, calls = this.underWay): boolean {
    if (this.messages.outbox.isFull) return false;
    return hasRoomFor(bytes, this.limits, calls, this.heldBytes, this.served());
  }

  private wait(place: number, call: OutgoingCall | undefined, isPull = false): void {
    const message = this.messages.takeOut(place);
    this.waitingBytes += message.bytes.length;
    this.aheadBytes += message.ahead?.bytes ?? 0;
    this.waiting.push({ ...message, call, isPull });
  }

  private sendWaiting(): void {
    const { messages, waiting } = this;
    for (let next = waiting[this.first]; next; next = waiting[this.first]) {
      const { call, isPull } = next;
      if (call && !(isPull ? this.mayPull(call) : this.hasRoomFor(call.bytes))) break;
      this.first++;
      this.waitingBytes -= next.bytes.length;
      this.aheadBytes -= next.ahead?.bytes ?? 0;
      const place = messages.outbox.begin();
      messages.out.raw(next.bytes);
      const moved = messages.outbox.end(place, next.ahead);
      for (const used of next.used) used.passOn();
      if (!call) continue;
      if (isPull) {
        this.pullSent(call);
        continue;
      }
      call.isWaiting = false;
      call.flagsAt += place - moved;
      this.sent(call);
      if (call.isCancelled) messages.numbers(Op.cancel, call.id);
    }
    if (this.first > 1_024 || this.first === waiting.length) {
      waiting.splice(0, this.first);
      this.first = 0;
    }
  }
}

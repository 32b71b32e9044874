import { violation } from '../protocol/violation.ts';
import type { OutgoingCall } from './outgoingCall.ts';

/** The calls of this side that the other one is still to answer, those among them that wait to be sent. */
export class CallsUnderWay {
  private readonly calls = new Map<number, OutgoingCall>();
  private reason: Error | undefined;

  constructor(
    /** The first call is made, or the last one has been answered. */
    private readonly onBusy: ((isBusy: boolean) => void) | undefined,
  ) {}

  get size(): number {
    return this.calls.size;
  }

  /** Whether there are others than those that were given up and go on beyond their time. */
  get areAwaited(): boolean {
    for (const { traced } of this.calls.values()) if (!traced?.isStuck) return true;
    return false;
  }

  /** Why nothing will be answered any more, if so. */
  get over(): Error | undefined {
    return this.reason;
  }

  /** Those that the other side is still to bring the result of. */
  get unanswered(): readonly OutgoingCall[] {
    return [...this.calls.values()].filter(call => !call.isThere);
  }

  add(call: OutgoingCall): void {
    if (this.calls.size === 0) this.onBusy?.(true);
    this.calls.set(call.id, call);
  }

  /** One more answer to a call is to come, whether it was answered before or not. */
  expectAnother(call: OutgoingCall): void {
    this.add(call);
    call.answersDue++;
  }

  find(id: number): OutgoingCall | undefined {
    return this.calls.get(id);
  }

  /** Throws `protocol.violation` when word comes of a call that nobody has made, or that has ended. */
  expect(id: number): OutgoingCall {
    const call = this.calls.get(id);
    if (!call) throw notUnderWay(id);
    return call;
  }

  /** One of the answers to a call has come. */
  answered(call: OutgoingCall): void {
    if (--call.answersDue > 0) return;
    this.calls.delete(call.id);
    if (this.calls.size === 0) this.onBusy?.(false);
  }

  /** Nothing more will be answered. Gives the calls that never will be. */
  end(reason: Error): readonly OutgoingCall[] {
    this.reason ??= reason; // what happened first is what later callers should hear
    const calls = [...this.calls.values()];
    this.calls.clear();
    this.onBusy?.(false);
    return calls;
  }
}

export function notUnderWay(id: number): Error {
  return violation(`word came of call ${id}, which is not under way`);
}

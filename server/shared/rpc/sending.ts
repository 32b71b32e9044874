import type { Platform } from '../base/platform.ts';
import type { Limits } from '../protocol/limits.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import { assertCallOptions, type CallOptions, type TracedEnd } from './callOptions.ts';
import type { CallsUnderWay } from './callsUnderWay.ts';
import { tooMany } from './exports.ts';
import type { Fates } from './fates.ts';
import { getHandle } from './handle.ts';
import type { Member } from './member.ts';
import { type MessageWriter, type Reads, severalSignals } from './messageWriter.ts';
import { CallState, OnItsWay, type OutgoingCall } from './outgoingCall.ts';
import { cancelled, TracedCall, type Stuck } from './tracedCall.ts';
import type { WaitingLane } from './waitingLane.ts';

export interface SendingOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly graceMs: number;
  readonly onStuck: (how: Stuck) => void;
  /** A traced call has ended, as its caller has seen it. */
  readonly onSettled: (end: TracedEnd) => void;
  /** Why no call may be made now, if so. */
  readonly whyNot: () => Error | undefined;
}

/** A call on its way out, which may have to be written more than once. */
export interface Draft {
  readonly call: OutgoingCall;
  /** Writes its message, and answers where its flags stand. */
  readonly write: () => number;
  readonly options: CallOptions | undefined;
  readonly flags: number;
}

/**
 * Sends calls whole or not at all: what cannot be sent fails its call, and what has to wait for the
 * result of another one is sent when that is there.
 */
export class Sending {
  private nextId = 1;

  constructor(
    private readonly messages: MessageWriter,
    private readonly underWay: CallsUnderWay,
    private readonly lane: WaitingLane,
    private readonly fates: Fates,
    private readonly options: SendingOptions,
  ) {}

  /** Calls that were ever made. */
  get made(): number {
    return this.nextId - 1;
  }

  send(draft: Draft): void {
    const { call, options } = draft;
    const whyNot = this.underWay.over ?? this.options.whyNot();
    if (whyNot) this.fates.failUnsent(call, whyNot);
    else if (options?.signal?.aborted)
      this.fates.failUnsent(call, cancelled(call.name, options.signal));
    else if (options) this.tryToSend({ ...draft, flags: draft.flags | flagsOf(options) });
    else this.tryToSend(draft);
  }

  private tryToSend(draft: Draft, reads: Reads = noReads): void {
    const { call } = draft;
    if (this.fates.size >= this.options.limits.maxReferences) {
      return this.fates.failUnsent(call, tooMany(this.fates.size));
    }
    const { messages } = this;
    let { options, flags } = draft;
    call.id = this.nextId++;
    const place = messages.begin(options?.args, reads);
    try {
      if (options) assertCallOptions(options);
      const flagsAt = draft.write();
      if (messages.unread.size > 0) {
        const members = [...messages.unread];
        this.takeBack(place, call);
        return this.readFirst(members, draft);
      }
      const bytes = messages.out.length - place + messages.besideBytes;
      const { signal } = messages;
      if (signal) {
        // An argument that is a signal is the call's own.
        if (options?.signal && options.signal !== signal) throw severalSignals();
        if (signal.aborted) throw cancelled(call.name, signal);
        options = { ...options, signal };
        flags |= CallFlag.traced;
      }
      call.place(flags, flagsAt);
      this.lane.end(place, call);
      this.underWay.add(call);
      if (flags & CallFlag.traced) this.trace(call, options!).requestBytes = bytes;
    } catch (error) {
      this.takeBack(place, call);
      if (error instanceof OnItsWay) this.sendAfter(error.call, { ...draft, options, flags });
      else this.failUnsent(call, error);
    }
  }

  /** It has not been sent. */
  private takeBack(place: number, call: OutgoingCall): void {
    this.messages.undo(place);
    call.id = 0;
  }

  private failUnsent(call: OutgoingCall, error: unknown): void {
    this.fates.failUnsent(call, call.traced?.lost(error as Error) ?? error);
  }

  /** What members stand for is asked for just before the call that uses them, and kept for that only. */
  private readFirst(members: readonly Member[], draft: Draft): void {
    const read = (member: Member) => getHandle(member.read()) as OutgoingCall;
    const reads = new Map(members.map(member => [member, read(member)]));
    this.tryToSend(draft, reads);
    for (const done of reads.values()) done.port.drop(done);
  }

  /** The result of `first` is on its way here; the call is made when it has come. */
  private sendAfter(first: OutgoingCall, draft: Draft): void {
    const { call, options, flags } = draft;
    const fail = (error: unknown) => this.failUnsent(call, error);
    const again = (): void => {
      const { over } = this.underWay;
      if (over) fail(over);
      else if (call.state === CallState.open) this.tryToSend(draft);
      else call.traced?.lost(call.value as Error); // given up meanwhile
    };
    if (flags & CallFlag.traced) this.trace(call, options!);
    first.awaited().then(again, fail);
  }

  private trace(call: OutgoingCall, options: CallOptions): TracedCall {
    const { platform, graceMs, onStuck, onSettled } = this.options;
    return (call.traced ??= new TracedCall(call.name, options, {
      clock: platform.clock,
      graceMs,
      onStuck,
      onSettled,
      cancel: () => this.cancel(call),
      reject: error => call.fail(error),
    }));
  }

  /** A call that is under way must hear of it at once, however many others wait to be sent. */
  private cancel(call: OutgoingCall): void {
    if (call.id === 0) return;
    if (call.isWaiting) call.isCancelled = true;
    else this.messages.numbers(Op.cancel, call.id);
  }
}

const noReads: Reads = new Map();

function flagsOf({ signal, deadlineMs, onStart, onTrace, result }: CallOptions): number {
  const isTraced = (signal ?? deadlineMs ?? onStart ?? onTrace) !== undefined;
  return (
    (isTraced ? CallFlag.traced : 0) |
    (result === 'value' ? CallFlag.byValue : 0) |
    (result === 'reference' ? CallFlag.byReference : 0)
  );
}

import type { Platform } from '../base/platform.ts';
import { isGreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import { resultFlags } from './callMessage.ts';
import {
  assertBatchOptions,
  assertCallOptions,
  type CallOptions,
  type TimedEnd,
} from './callOptions.ts';
import type { CallsUnderWay } from './callsUnderWay.ts';
import { tooMany } from './exports.ts';
import type { Fates } from './fates.ts';
import { getHandle } from './handle.ts';
import type { Member } from './member.ts';
import { type MessageWriter, type Reads, severalSignals } from './messageWriter.ts';
import { whenThere, type OutgoingCall } from './outgoingCall.ts';
import { TimedCall, type TimedCallContext } from './timedCall.ts';
import { cancelled, givenUp, TracedCall, type Stuck } from './tracedCall.ts';
import type { WaitingLane } from './waitingLane.ts';

export interface SendingOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly graceMs: number;
  readonly onStuck: (how: Stuck) => void;
  /** Whether the times of one more call are wanted, though its caller does not ask for them. */
  readonly wantsTimes: () => boolean;
  /** A call has ended whose times were wanted. */
  readonly onSettled: (end: TimedEnd) => void;
  /** A call has failed, or a listener of it, and nobody has asked for its result or used it. */
  readonly onUnseenFailure: (name: string, error: unknown) => void;
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
  readonly isBatch?: boolean;
  /** What was asked for, for this call only, because members stand among its arguments. */
  readonly reads?: Reads;
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
    const whyNot =
      this.underWay.over ?? this.options.whyNot() ?? (options && givenUp(call.name, options));
    if (whyNot) this.fail(draft, whyNot);
    else if (options) this.tryToSend({ ...draft, flags: draft.flags | flagsOf(options) });
    else this.tryToSend(draft);
  }

  private tryToSend(draft: Draft): void {
    const { call, reads = noReads } = draft;
    // Each of those under way may come to be kept.
    const kept = this.fates.size + this.underWay.size;
    if (kept >= this.options.limits.maxReferences) return this.fail(draft, tooMany(kept));
    const { messages } = this;
    let { options, flags } = draft;
    call.id = this.nextId++;
    const place = messages.begin(options?.args, reads);
    try {
      if (options) (draft.isBatch ? assertBatchOptions : assertCallOptions)(options);
      const flagsAt = draft.write();
      call.bytes = messages.out.length - place + messages.besideBytes;
      const { signal } = messages;
      if (signal) {
        // An argument that is a signal is the call's own.
        if (options?.signal && options.signal !== signal) throw severalSignals();
        if (signal.aborted) throw cancelled(call.name, signal);
        options = { ...options, signal };
        flags |= CallFlag.traced;
      }
      if (messages.onTheirWay.size > 0) {
        const first = [...messages.onTheirWay];
        const used = [...messages.used];
        this.takeBack(place, call);
        return this.sendAfter(first, used, { ...draft, options, flags });
      }
      if (messages.unread.size > 0) {
        const members = [...messages.unread];
        this.takeBack(place, call);
        return this.readFirst(members, { ...draft, options, flags });
      }
      // A getter among the arguments may have given it up, or ended everything.
      if (options?.signal?.aborted) throw cancelled(call.name, options.signal);
      this.assertGoesOn();
      const isTraced = (flags & CallFlag.traced) !== 0;
      const isTimed = !isTraced && !options?.isUnrecorded && this.options.wantsTimes();
      const needs = messages.used.size > 0 ? thatCanBeGivenUp(messages.used) : undefined;
      call.place(isTimed ? flags | CallFlag.timed : flags, flagsAt);
      this.lane.end(place, call);
      // A frame that was full has left, and the other side may not have read for long.
      this.assertGoesOn();
      this.underWay.add(call);
      if (needs) call.needs = needs;
      if (isTraced) this.trace(call, options!);
      else if (isTimed) call.timed = this.time(call);
      if (call.timed) call.timed.requestBytes = call.bytes;
      giveBack(draft);
    } catch (error) {
      this.takeBack(place, call);
      this.fail(draft, error);
    }
  }

  private assertGoesOn(): void {
    const { over } = this.underWay;
    if (over) throw over;
  }

  /** It has not been sent. */
  private takeBack(place: number, call: OutgoingCall): void {
    this.messages.undo(place);
    call.id = 0;
  }

  private fail(draft: Draft, error: unknown): void {
    const { call } = draft;
    this.fates.fail(call, call.traced?.lost(error as Error) ?? error);
    giveBack(draft);
  }

  /** What members stand for is asked for just before the call that uses them, and kept for that only. */
  private readFirst(members: readonly Member[], draft: Draft): void {
    const read = (member: Member) => getHandle(member.read()) as OutgoingCall;
    const reads = new Map([
      ...(draft.reads ?? []),
      ...members.map(one => [one, read(one)] as const),
    ]);
    this.tryToSend({ ...draft, reads });
  }

  /** The results of `first` are on their way here; the call is made when they have come. */
  private sendAfter(
    first: readonly OutgoingCall[],
    used: readonly OutgoingCall[],
    draft: Draft,
  ): void {
    const { call, options, flags } = draft;
    if (flags & CallFlag.traced) this.trace(call, options!);
    const holds = used.map(one => one.hold());
    whenThere(first, failed => {
      const { over } = this.underWay;
      const wasGivenUp = !call.isUnsent;
      if (wasGivenUp) giveBack(draft);
      else if (failed ?? over) {
        this.fail(draft, failed?.tellFailure() ?? over);
        // It tells of the end; so those that this has ended as well need not.
        for (const one of used) if (over && hasEndedWith(one, over)) one.tellFailure();
      } else this.tryToSend(draft);
      for (const letGo of holds) letGo();
    });
  }

  /** From now on the call can be given up, and will be recorded, whether it is sent or not. */
  private trace(call: OutgoingCall, options: CallOptions): void {
    const { graceMs, onStuck } = this.options;
    call.timed = call.traced ??= new TracedCall(call.name, options, {
      ...this.timing(call, options),
      graceMs,
      onStuck,
      cancel: () => this.cancel(call),
      reject: error => this.fates.fail(call, error),
    });
  }

  private time(call: OutgoingCall): TimedCall {
    return new TimedCall(call.name, this.timing(call));
  }

  private timing({ name }: OutgoingCall, options?: CallOptions): TimedCallContext {
    const { platform, onSettled, onUnseenFailure } = this.options;
    return {
      clock: platform.clock,
      onSettled: options?.isUnrecorded ? undefined : onSettled,
      onListenerFailure: error => onUnseenFailure(`a listener of ${name}`, error),
    };
  }

  /** A call that is under way must hear of it at once, however many others wait to be sent. */
  private cancel(call: OutgoingCall): void {
    if (call.id === 0) return;
    if (call.isWaiting) call.isCancelled = true;
    else if (this.messages.outbox.isWriting)
      this.options.platform.endOfTurn(() => this.cancel(call));
    else if (this.underWay.find(call.id) === call) this.messages.numbers(Op.cancel, call.id);
  }
}

const noReads: Reads = new Map();

/** By themselves, or because they use results of such calls. */
function thatCanBeGivenUp(used: ReadonlySet<OutgoingCall>): readonly OutgoingCall[] | undefined {
  let found: OutgoingCall[] | undefined;
  for (const one of used) if (one.isUnderWay && (one.traced ?? one.needs)) (found ??= []).push(one);
  return found;
}

/** As it is, or because it had not started then. */
function hasEndedWith({ failure }: OutgoingCall, over: Error): boolean {
  return (
    failure === over || (isGreenroomError(failure, 'call.notStarted') && failure.cause === over)
  );
}

/** It has been written, or never will be: what was asked for to write it is needed no more. */
function giveBack({ reads }: Draft): void {
  for (const read of reads?.values() ?? []) read.port.drop(read);
}

function flagsOf({ signal, deadlineMs, onStart, onTrace, result }: CallOptions): number {
  const isTraced = (signal ?? deadlineMs ?? onStart ?? onTrace) !== undefined;
  return (isTraced ? CallFlag.traced : 0) | resultFlags(result);
}

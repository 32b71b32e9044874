import type { Platform } from '../base/platform.ts';
import { RemoteError, type WireError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import { isThenable, listItems, unpackBatch } from './batches.ts';
import { writeCallHead } from './callHead.ts';
import {
  assertCallOptions,
  type BatchOptions,
  type CallOptions,
  type ServedTimes,
  type TracedEnd,
} from './callOptions.ts';
import { tooMany } from './exports.ts';
import { getHandle } from './handle.ts';
import { tellFailure, type Fill } from './keptResults.ts';
import { type MessageWriter, type Reads, severalSignals } from './messageWriter.ts';
import { CallState, OnItsWay, OutgoingCall } from './outgoingCall.ts';
import { Fates } from './fates.ts';
import { type Member, shell } from './member.ts';
import { nameOf, type Path, type Port, type Target } from './port.ts';
import { cancelled, TracedCall, type Stuck } from './tracedCall.ts';
import { WaitingLane } from './waitingLane.ts';

export interface AskingOptions {
  readonly platform: Platform;
  readonly limits: Limits;
  readonly graceMs: number;
  readonly onStuck: (how: Stuck) => void;
  /** A traced call has ended, as its caller has seen it. */
  readonly onSettled: (end: TracedEnd) => void;
  /** Why no call may be made now, if so. */
  readonly whyNot: () => Error | undefined;
  /** How many calls of the other side are being served. */
  readonly served: () => number;
  /** A call has failed, and nobody has asked for its result or used it. */
  readonly onUnseenFailure: (name: string, error: unknown) => void;
  /** The first call is made, or the last one has been answered. */
  readonly onBusy: ((isBusy: boolean) => void) | undefined;
}

/** What comes with an answer beside the value or error. */
export interface AnswerDetails {
  readonly times: ServedTimes | undefined;
  /** Size of the frame that it came in, and of what came beside it. */
  readonly bytes: number;
  readonly fill?: Fill | undefined;
}

/** The asking half of a connection: every call it makes ends exactly once. */
export class Asking {
  private readonly pending = new Map<number, OutgoingCall>();
  private readonly lane: WaitingLane;
  private readonly fates: Fates;
  private nextId = 1;
  private over: Error | undefined;

  constructor(
    private readonly port: Port,
    private readonly messages: MessageWriter,
    private readonly options: AskingOptions,
  ) {
    this.lane = new WaitingLane(messages, options.limits, options.served);
    const giveBack = (id: number) => {
      if (!this.over) this.tell(Op.drop, id);
    };
    this.fates = new Fates(giveBack, options.onUnseenFailure);
  }

  /** Calls under way, those among them that wait to be sent. */
  get size(): number {
    return this.pending.size;
  }

  /** Calls that were ever made. */
  get made(): number {
    return this.nextId - 1;
  }

  /** Calls that the other side is still to bring the result of. */
  get unanswered(): readonly OutgoingCall[] {
    return [...this.pending.values()].filter(call => !call.isThere);
  }

  /** Results that the other side keeps for this one. */
  get kept(): number {
    return this.fates.size;
  }

  call(target: Target, path: Path, args: readonly unknown[], options?: CallOptions, flags = 0) {
    const call = new OutgoingCall(this.port, nameOf(path));
    const write = (): number => {
      const flagsAt = writeCallHead(this.messages.out, Op.call, call.id, target, path);
      const { values, out } = this.messages;
      out.count(args.length);
      for (const arg of args) values.write(arg);
      return flagsAt;
    };
    return this.send(call, write, options, flags);
  }

  batch(target: Target, path: Path, given: Iterable<Iterable<unknown>>, options?: BatchOptions) {
    const items = listItems(given);
    const settle = options?.settle === true;
    const call = new OutgoingCall(this.port, nameOf(path), answer =>
      unpackBatch(answer, items.length, settle),
    );
    const write = (): number => {
      const flagsAt = writeCallHead(this.messages.out, Op.batch, call.id, target, path);
      const { values, out } = this.messages;
      out.byte(settle ? 1 : 0);
      out.count(items.length);
      for (const args of items) {
        out.count(args.length);
        for (const arg of args) values.write(arg);
      }
      return flagsAt;
    };
    return this.send(call, write, options, 0);
  }

  get(target: Target, path: Path, options?: CallOptions) {
    const call = new OutgoingCall(this.port, nameOf(path));
    const write = () => writeCallHead(this.messages.out, Op.get, call.id, target, path);
    return this.send(call, write, options, 0);
  }

  set(target: Target, path: Path, value: unknown) {
    const call = new OutgoingCall(this.port, nameOf(path));
    const write = (): number => {
      const flagsAt = writeCallHead(this.messages.out, Op.set, call.id, target, path);
      this.messages.values.write(value);
      return flagsAt;
    };
    return this.send(call, write, undefined, 0);
  }

  put(target: Target, path: Path, value: unknown): void {
    this.drop(getHandle(this.set(target, path, value)) as OutgoingCall);
  }

  /** One more call of the other side is being served. */
  makeRoom(): void {
    this.lane.tryAgain();
  }

  pull(call: OutgoingCall): void {
    if (this.over) return call.fail(this.over);
    this.add(call);
    call.answersDue++;
    this.tell(Op.pull, call.id);
  }

  drop(call: OutgoingCall): void {
    call.isGivenBack = true; // what was not sent yet is dropped when it has been answered
    if (call.fate) this.fates.drop(call.fate);
  }

  watchAbandoned(call: OutgoingCall): void {
    this.fates.watch(call);
  }

  started(id: number, times: Pick<ServedTimes, 'receivedMs' | 'startedMs'>): void {
    const { traced } = this.expect(id);
    if (!traced || traced.hasStarted) throw notUnderWay(id);
    traced.start(times);
  }

  /** The cancellation has reached a call; late, when the answer was there before. */
  acknowledged(id: number): void {
    this.pending.get(id)?.traced?.acknowledge();
  }

  /** The other side has the result of a call that was sent without asking for it. */
  done(id: number): void {
    const call = this.expect(id);
    if (!call.isKept || call.isWanted || !call.isUnderWay) throw notUnderWay(id);
    this.answered(call);
    const reason = call.traced?.done();
    if (reason) call.fail(reason);
    else if (!call.isAwaited) call.state = CallState.kept;
    if (call.fate && call.isGivenBack) this.fates.drop(call.fate);
  }

  /** `fill` is there when parts of the value are still to come; it calls back when all have. */
  succeed(id: number, value: unknown, { times, bytes, fill }: AnswerDetails): void {
    const call = this.expectResult(id);
    if (canBeAwaited(value)) throw violation('a result that would be awaited once more');
    if (fill) call.answersDue++;
    call.hasCome = true;
    this.answered(call, times);
    const reason = times && call.traced?.answered(times, bytes);
    if (reason) call.fail(reason);
    else if (!fill) call.succeed(value);
    fill?.(failure => {
      if (--call.answersDue === 0) this.remove(id);
      if (reason) return;
      if (failure === undefined) call.succeed(value);
      else call.fail(new RemoteError(tellFailure(failure)));
    });
    if (call.fate && call.isAwaited) this.fates.drop(call.fate);
  }

  fail(id: number, wire: WireError, { times, bytes }: AnswerDetails): void {
    const call = this.expect(id);
    this.answered(call, times);
    const reason = times && call.traced?.answered(times, bytes);
    const error = new RemoteError(wire);
    if (call.traced) error.captureCaller(call.traced.caller);
    call.fail(reason ?? error);
    // What nobody asks for is kept as a failure, for those who come later.
    const { fate } = call;
    if (fate?.isDropped) this.fates.report(fate);
    else if (fate && (call.isAwaited || call.isGivenBack)) this.fates.drop(fate);
  }

  /** The result has come, but holds something that leads nowhere. */
  unusable(id: number, wire: WireError, details: AnswerDetails): void {
    this.expectResult(id);
    this.fail(id, wire, details);
  }

  /** Nothing more will be answered. */
  failAll(error: Error): void {
    this.over ??= error; // what happened first is what later callers should hear
    const calls = [...this.pending.values()];
    this.pending.clear();
    this.options.onBusy?.(false);
    this.lane.dispose();
    for (const call of calls) {
      call.fail(call.traced?.lost(error) ?? error);
      if (call.fate?.isDropped) this.fates.report(call.fate);
    }
    this.fates.dropAll();
  }

  private send(
    call: OutgoingCall,
    write: () => number,
    options: CallOptions | undefined,
    flags: number,
  ): object {
    const proxy = new Proxy(shell, call);
    const whyNot = this.over ?? this.options.whyNot();
    if (whyNot) this.fates.failUnsent(call, whyNot);
    else if (options?.signal?.aborted)
      this.fates.failUnsent(call, cancelled(call.name, options.signal));
    else if (options) this.tryToSend(call, write, options, flags | flagsOf(options));
    else this.tryToSend(call, write, options, flags);
    return proxy;
  }

  private tryToSend(
    call: OutgoingCall,
    write: () => number,
    options: CallOptions | undefined,
    flags: number,
    reads: Reads = noReads,
  ): void {
    if (this.fates.size >= this.options.limits.maxReferences) {
      return this.fates.failUnsent(call, tooMany(this.fates.size));
    }
    const { messages } = this;
    const id = this.nextId++;
    call.id = id;
    const place = messages.begin(options?.args, reads);
    try {
      if (options) assertCallOptions(options);
      const flagsAt = write();
      if (messages.unread.size > 0) {
        const members = [...messages.unread];
        this.takeBack(place, call);
        return this.readFirst(members, call, write, options, flags);
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
      this.add(call);
      if (flags & CallFlag.traced) this.trace(call, options!).requestBytes = bytes;
    } catch (error) {
      this.takeBack(place, call);
      if (error instanceof OnItsWay) this.sendAfter(error.call, call, write, options, flags);
      else this.fates.failUnsent(call, call.traced?.lost(error as Error) ?? error);
    }
  }

  /** It has not been sent. */
  private takeBack(place: number, call: OutgoingCall): void {
    this.messages.undo(place);
    call.id = 0;
  }

  /** What members stand for is asked for just before the call that uses them, and kept for that only. */
  private readFirst(
    members: readonly Member[],
    call: OutgoingCall,
    write: () => number,
    options: CallOptions | undefined,
    flags: number,
  ): void {
    const read = (member: Member) => getHandle(member.read()) as OutgoingCall;
    const reads = new Map(members.map(member => [member, read(member)]));
    this.tryToSend(call, write, options, flags, reads);
    for (const done of reads.values()) this.drop(done);
  }

  /** The result of `first` is on its way here; the call is made when it has come. */
  private sendAfter(
    first: OutgoingCall,
    call: OutgoingCall,
    write: () => number,
    options: CallOptions | undefined,
    flags: number,
  ): void {
    const fail = (error: unknown) =>
      this.fates.failUnsent(call, call.traced?.lost(error as Error) ?? error);
    const again = (): void => {
      if (this.over) fail(this.over);
      else if (call.state === CallState.open) this.tryToSend(call, write, options, flags);
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

  /** Says something about calls or objects that must not overtake the calls before it. */
  tell(op: Op, ...numbers: readonly number[]): void {
    this.lane.add(op, numbers);
  }

  private add(call: OutgoingCall): void {
    if (this.pending.size === 0) this.options.onBusy?.(true);
    this.pending.set(call.id, call);
  }

  private remove(id: number): void {
    this.pending.delete(id);
    if (this.pending.size === 0) this.options.onBusy?.(false);
  }

  private expect(id: number): OutgoingCall {
    const call = this.pending.get(id);
    if (!call) throw notUnderWay(id);
    return call;
  }

  /** What was asked for only later comes after the answer to the call itself. */
  private expectResult(id: number): OutgoingCall {
    const call = this.expect(id);
    if (call.isUnderWay && !call.isWanted) throw notUnderWay(id);
    return call;
  }

  private answered(call: OutgoingCall, times?: ServedTimes): void {
    if (call.isUnderWay && call.traced && !times && call.isWanted) throw untimed(call.id);
    if (--call.answersDue === 0) this.remove(call.id);
    if (!call.isUnderWay) return;
    call.isUnderWay = false;
    this.lane.answered();
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

/** Resolving a promise with it would call it. */
function canBeAwaited(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && isThenable(value);
}

function untimed(id: number): Error {
  return violation(`the answer to call ${id} lacks its times`);
}

function notUnderWay(id: number): Error {
  return violation(`word came of call ${id}, which is not under way`);
}

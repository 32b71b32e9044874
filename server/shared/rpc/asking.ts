import { Op } from '../protocol/wire.ts';
import { Answers } from './answers.ts';
import { listItems, unpackBatch } from './batches.ts';
import { writeArguments, writeAssigned, writeCallHead } from './callMessage.ts';
import type { BatchOptions, CallOptions } from './callOptions.ts';
import { CallsUnderWay } from './callsUnderWay.ts';
import { Fates } from './fates.ts';
import { getHandle } from './handle.ts';
import { shell } from './member.ts';
import type { MessageWriter } from './messageWriter.ts';
import { OutgoingCall } from './outgoingCall.ts';
import { nameOf, type Path, type Port, type Target } from './port.ts';
import { Sending, type Draft, type SendingOptions } from './sending.ts';
import { batchItemWeight } from './values/weights.ts';
import { WaitingLane } from './waitingLane.ts';

export interface AskingOptions extends SendingOptions {
  /** How many calls of the other side are being served. */
  readonly served: () => number;
  /** The first call is made, or the last one has been answered. */
  readonly onBusy: ((isBusy: boolean) => void) | undefined;
}

/** The asking half of a connection: every call that it makes ends exactly once. */
export class Asking {
  /** Hears what the other side says of the calls. */
  readonly answers: Answers;
  private readonly underWay: CallsUnderWay;
  private readonly lane: WaitingLane;
  private readonly fates: Fates;
  private readonly sending: Sending;

  constructor(
    private readonly port: Port,
    private readonly messages: MessageWriter,
    private readonly options: AskingOptions,
  ) {
    this.underWay = new CallsUnderWay(options.onBusy);
    this.lane = new WaitingLane(messages, options.limits, options.served);
    const { underWay, lane } = this;
    const giveBack = (id: number) => {
      if (!underWay.over) this.tell(Op.drop, id);
    };
    this.fates = new Fates(options.platform, underWay, giveBack, options.onUnseenFailure);
    const { fates } = this;
    this.answers = new Answers(underWay, lane, fates);
    this.sending = new Sending(messages, underWay, lane, fates, options);
  }

  /** Calls under way, those among them that wait to be sent. */
  get size(): number {
    return this.underWay.size;
  }

  get awaitsCalls(): boolean {
    return this.underWay.areAwaited;
  }

  /** Calls that were ever made. */
  get made(): number {
    return this.sending.made;
  }

  /** Calls that the other side is still to bring the result of. */
  get unanswered(): readonly OutgoingCall[] {
    return this.underWay.unanswered;
  }

  /** Results that the other side keeps for this one. */
  get kept(): number {
    return this.fates.size;
  }

  call(target: Target, path: Path, args: readonly unknown[], options?: CallOptions, flags = 0) {
    const call = new OutgoingCall(this.port, nameOf(path));
    const write = (): number => {
      const flagsAt = writeCallHead(this.messages, Op.call, call.id, target, path);
      writeArguments(this.messages, args);
      return flagsAt;
    };
    return this.send({ call, write, options, flags });
  }

  batch(target: Target, path: Path, given: Iterable<Iterable<unknown>>, options?: BatchOptions) {
    const items = listItems(given);
    const settle = options?.settle === true;
    const call = new OutgoingCall(this.port, nameOf(path), answer =>
      unpackBatch(answer, items.length, settle),
    );
    const write = (): number => {
      const { messages } = this;
      const { out } = messages;
      const flagsAt = writeCallHead(messages, Op.batch, call.id, target, path);
      out.byte(settle ? 1 : 0);
      out.count(items.length);
      messages.values.bear(items.length * batchItemWeight);
      items.forEach((args, index) => writeArguments(messages, args, index));
      return flagsAt;
    };
    return this.send({ call, write, options, flags: 0, isBatch: true });
  }

  get(target: Target, path: Path, options?: CallOptions) {
    const call = new OutgoingCall(this.port, nameOf(path));
    const write = () => writeCallHead(this.messages, Op.get, call.id, target, path);
    return this.send({ call, write, options, flags: 0 });
  }

  set(target: Target, path: Path, value: unknown) {
    const call = new OutgoingCall(this.port, nameOf(path));
    const write = (): number => {
      const flagsAt = writeCallHead(this.messages, Op.set, call.id, target, path);
      writeAssigned(this.messages, value);
      return flagsAt;
    };
    return this.send({ call, write, options: undefined, flags: 0 });
  }

  put(target: Target, path: Path, value: unknown): void {
    this.drop(getHandle(this.set(target, path, value)) as OutgoingCall);
  }

  /** One more call of the other side is being served. */
  makeRoom(): void {
    this.lane.tryAgain();
  }

  /** Says something about calls or objects that must not overtake the calls before it. */
  tell(op: Op, ...numbers: readonly number[]): void {
    this.lane.add(op, numbers);
  }

  pull(call: OutgoingCall): void {
    const { underWay } = this;
    if (underWay.over) return call.fail(underWay.over);
    if (this.messages.outbox.isWriting) {
      const letGo = call.hold();
      return this.options.platform.endOfTurn(() => {
        if (!call.isThere) this.pull(call); // it may have failed meanwhile, and is kept no longer
        letGo();
      });
    }
    underWay.expectAnother(call);
    this.lane.pull(call);
  }

  drop(call: OutgoingCall): void {
    const { outbox } = this.messages;
    if (outbox.isWriting) return this.options.platform.endOfTurn(() => this.drop(call));
    // What was not sent yet is dropped when it has been answered.
    if (call.giveBack() && call.fate) this.fates.drop(call.fate);
  }

  watchAbandoned(call: OutgoingCall): void {
    this.fates.watch(call);
  }

  /** Nothing more will be answered. Unless all was heard, calls that have been sent may have begun. */
  failAll(error: Error, isAllHeard: boolean): void {
    const calls = this.underWay.end(error);
    this.lane.dispose();
    for (const call of calls) {
      const mayHaveBegun = !isAllHeard && !call.isUnsent;
      this.fates.fail(call, call.traced?.lost(error, mayHaveBegun) ?? error);
      if (call.fate?.isDropped) this.fates.tellSoon(call.fate);
    }
    this.fates.dropAll();
  }

  /** Does not wait for the end of the turn with failures that nobody has seen. */
  tellUnseen(): void {
    this.fates.tellNow();
  }

  private send(draft: Draft): object {
    const proxy = new Proxy(shell, draft.call);
    this.sending.send(draft);
    return proxy;
  }
}

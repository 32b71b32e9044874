import type { Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import { Op } from '../protocol/wire.ts';
import { AnswerMessages } from './answerMessages.ts';
import { BatchOutcome } from './batchOutcome.ts';
import { CallTurns } from './callTurns.ts';
import type { IncomingCall } from './incomingCall.ts';
import type { KeptResult, KeptResults } from './keptResults.ts';
import type { MessageWriter } from './messageWriter.ts';
import { whenThere, type OutgoingCall } from './outgoingCall.ts';
import { perform, type PerformingParts } from './performing.ts';
import { Pulls } from './pulls.ts';
import { hasRoomFor } from './roomForCalls.ts';
import { RunningCalls } from './runningCalls.ts';
import { isPromise, isThenable } from './thenables.ts';
import { UnsaidAnswers } from './unsaidAnswers.ts';

/** What the serving half of a connection has to do with the asking one. */
export interface Asker {
  /** Calls of this side that are not answered: the other side may need as many more to end them. */
  readonly size: number;
  /** One more call is being served. */
  makeRoom(): void;
}

export interface ServingParts extends PerformingParts {
  readonly platform: Platform;
  readonly messages: MessageWriter;
  readonly kept: KeptResults;
  readonly limits: Limits;
  readonly asker?: Asker;
  /** As {@link CallTurns} takes them; neither, if absent. */
  readonly waitsForStarted?: boolean;
  readonly isReaderWaiting?: () => boolean;
}

/**
 * The serving half of a connection: what comes is run when its turn comes and what it depends on is there,
 * and is answered exactly once. While too much waits for the other side to read it, nothing is answered.
 */
export class Serving {
  private readonly running = new RunningCalls();
  private readonly turns: CallTurns;
  private accepted = 0;
  private readonly unsaid: UnsaidAnswers;
  private readonly pulls: Pulls;
  private readonly platform: Platform;
  private readonly messages: MessageWriter;
  private readonly kept: KeptResults;
  private readonly says: AnswerMessages;

  constructor(private readonly parts: ServingParts) {
    ({ platform: this.platform, messages: this.messages, kept: this.kept } = parts);
    this.says = new AnswerMessages(parts.messages, parts.platform.clock);
    const { outbox } = parts.messages;
    this.unsaid = new UnsaidAnswers(outbox);
    this.pulls = new Pulls(this.says, this.unsaid, () => parts.asker?.makeRoom());
    this.turns = new CallTurns({
      platform: parts.platform,
      outbox,
      unsaid: this.unsaid,
      waitsForStarted: parts.waitsForStarted ?? false,
      isReaderWaiting: () => parts.isReaderWaiting?.() ?? false,
      isUnderWay: call => this.isUnderWay(call),
      sayStarted: call => this.says.started(call),
      run: call => this.run(call),
    });
  }

  /** Calls that have come, and results that were asked for, and are not answered. */
  get size(): number {
    return this.running.size + this.pulls.size;
  }

  /** Whether this call has come and is not answered. */
  has(id: number): boolean {
    return this.running.has(id);
  }

  /** Input has come: from now on calls may run for a while. */
  beginTurn(): void {
    this.turns.begin();
  }

  /** The other side waits for a call, and reads nothing before that is answered. */
  letCallsBegin(): void {
    this.unsaid.letUse(); // it may wait for a call that uses one of these
    this.turns.runSoon();
  }

  accept(call: IncomingCall): void {
    // Those that are waited for have ids of their own.
    const isKept = !call.kept && !call.isSynchronous && this.kept.has(call.id);
    if (isKept || this.running.has(call.id)) {
      throw violation(`call ${call.id} is under way already`);
    }
    this.assertRoomFor(call.bytes);
    if (call.isTraced) call.cancel ??= this.platform.createCancelSource();
    if (call.isTimed) call.receivedMs = this.platform.clock.now();
    call.order = ++this.accepted;
    if (!call.needs && !call.isTraced && this.turns.isFree) return this.run(call);
    this.track(call);
    if (call.needs) this.waitFor(call);
    else this.turns.add(call);
  }

  /** A cancellation of a call that has been answered already is late, not wrong. */
  cancel(id: number): void {
    const call = this.running.get(id);
    if (!call) return;
    if (!call.isTraced) throw violation(`call ${id} is not one that can be cancelled`);
    call.cancel?.abort();
    if (call.isAnswerWaiting) this.failed(call, cancelled('before its answer was there'));
    else if (!this.turns.hasBegun(call)) {
      call.stopWaiting?.();
      call.empty();
      this.failed(call, cancelled('before it started'));
    } else this.messages.numbers(Op.cancelling, id);
  }

  /** Begins nothing more, and says nothing. */
  abandon(): void {
    this.turns.abandon();
    this.unsaid.clear();
    this.pulls.clear();
  }

  /** Tells every running call that nobody waits any more. */
  cancelAll(): void {
    for (const call of this.running.clear()) call.cancel?.abort();
  }

  /** The caller asks for a result that is kept for it, once. */
  pull(id: number): void {
    const result = this.kept.get(id);
    if (result.isAskedFor) throw violation(`the result of call ${id} was asked for already`);
    result.isAskedFor = true;
    if (this.running.has(id)) return; // and counts already
    this.assertRoomFor(0);
    this.pulls.answer(result);
  }

  private assertRoomFor(bytes: number): void {
    const { limits, asker } = this.parts;
    if (hasRoomFor(bytes, limits, this.size, this.running.bytes, asker?.size ?? 0)) return;
    throw violation('too many calls at once, or calls with too many bytes');
  }

  private waitFor(call: IncomingCall): void {
    call.stopWaiting = this.kept.fill(call.needs!, failure => {
      call.refusal ??= failure;
      this.turns.add(call);
    });
  }

  private run(call: IncomingCall): void {
    if (call.isTimed) call.startedMs ??= this.platform.clock.now();
    try {
      if (call.refusal !== undefined) throw call.refusal as Error;
      const result = perform(call, this.parts, this.turns);
      if (this.turns.isAbandoned) return leaveUnheard(result);
      if (!isThenable(result)) return this.succeeded(call, result);
      if (!isPromise(result)) {
        // It may do something when it is awaited: a query runs. Other calls use the query.
        if (!call.isWanted) return this.succeeded(call, result);
        call.kept?.succeed(result);
      }
      this.track(call);
      this.answerLater(call, result);
    } catch (error) {
      this.threw(call, error);
    }
  }

  /** As `await` does it: whatever has the method `then` is heard once, and a promise in its own way. */
  private answerLater(call: IncomingCall, result: PromiseLike<unknown>): void {
    void Promise.prototype.then.call(
      Promise.resolve(result),
      value => this.isUnderWay(call) && this.succeeded(call, value),
      (error: unknown) => this.isUnderWay(call) && this.threw(call, error),
    );
  }

  private track(call: IncomingCall): void {
    if (this.turns.isAbandoned) return;
    this.running.add(call);
    this.parts.asker?.makeRoom();
  }

  /** Whether the call has not been answered. */
  private isUnderWay(call: IncomingCall): boolean {
    return this.running.get(call.id) === call;
  }

  private succeeded(call: IncomingCall, value: unknown): void {
    if (call.isWanted && this.unsaid.mustWait) return this.succeedWhenRead(call, value);
    this.running.delete(call);
    call.isAnswerWaiting = false;
    if (call.isWanted) {
      if (!this.answer(call, value)) return;
    } else this.says.done(call);
    const { kept } = call;
    if (!kept) return;
    settle(kept, value);
    if (kept.isAskedFor) this.pulls.answer(kept);
  }

  /** Whether the answer could be sent; what cannot be sent is a failure. */
  private answer(call: IncomingCall, value: unknown): boolean {
    const timed = call.isTimed ? call : undefined;
    const refused = this.says.result(call.id, value, call.passing, timed);
    if (!refused) return true;
    if (refused.waitsFor) this.answerAfter(refused.waitsFor, call, value);
    else this.failed(call, refused.error);
    return false;
  }

  /** Its own function, since closures cost the function around them something even where none is made. */
  private succeedWhenRead(call: IncomingCall, value: unknown): void {
    const { kept } = call;
    const letUse = () => kept && this.isUnderWay(call) && settle(kept, value);
    this.answerWhenRead(call, () => this.succeeded(call, value), letUse);
    // Else not before it is known that it can be sent.
    if (this.parts.isReaderWaiting?.()) letUse();
  }

  private answerWhenRead(call: IncomingCall, say: () => void, letUse?: () => void): void {
    this.letAnswerWait(call);
    this.unsaid.add({ say: () => this.isUnderWay(call) && say(), letUse });
  }

  /** The answer holds results of the other side that are on their way here; it is given when they have come. */
  private answerAfter(first: readonly OutgoingCall[], call: IncomingCall, value: unknown): void {
    this.letAnswerWait(call);
    whenThere(first, failed => {
      if (!this.isUnderWay(call)) return;
      if (failed) this.threw(call, failed.tellFailure());
      else this.succeeded(call, value);
    });
  }

  private letAnswerWait(call: IncomingCall): void {
    this.track(call);
    if (call.isTimed) call.finishedMs ??= this.platform.clock.now();
    call.isAnswerWaiting = true;
  }

  private threw(call: IncomingCall, error: unknown): void {
    if (!this.unsaid.mustWait) return this.failed(call, error);
    if (call.kept?.state === 'running') call.kept.fail(error);
    this.answerWhenRead(call, () => this.threw(call, error));
  }

  private failed(call: IncomingCall, error: unknown): void {
    this.running.delete(call);
    this.says.error(call.id, error, call.isTimed ? call : undefined);
    const { kept } = call;
    if (!kept) return;
    if (kept.state === 'running') kept.fail(error);
    else kept.answer = rejected(error);
    if (kept.isAskedFor) this.pulls.answer(kept);
  }
}

/** Other calls use the result from now on. */
function settle(kept: KeptResult, value: unknown): void {
  if (BatchOutcome.is(value)) kept.endBatch(value);
  else if (kept.state === 'running') kept.succeed(value);
  else kept.answer = value;
}

/** Fails who awaits it, and nobody else. */
function rejected(error: unknown): Promise<never> {
  const fail = (_resolve: unknown, reject: (error: Error) => void) => reject(error as Error);
  const promise = new Promise<never>(fail);
  leaveUnheard(promise);
  return promise;
}

/** Nobody waits for it, and that it fails is no failure of this program. */
function leaveUnheard(result: unknown): void {
  if (!isThenable(result) || !isPromise(result)) return;
  void Promise.prototype.then.call(Promise.resolve(result), undefined, () => undefined);
}

function cancelled(when: string): GreenroomError {
  return new GreenroomError('call.cancelled', `the call was cancelled ${when}`);
}

import type { Platform } from '../base/platform.ts';
import type { Turn } from './batchRun.ts';
import { CallQueue } from './callQueue.ts';
import type { IncomingCall } from './incomingCall.ts';
import type { Outbox } from './outbox.ts';
import type { UnsaidAnswers } from './unsaidAnswers.ts';

/** How long calls are run in one turn before waiting input, a cancellation perhaps, has its chance. */
const turnMs = 8;

export interface CallTurnsParts {
  readonly platform: Pick<Platform, 'clock' | 'nextTurn'>;
  readonly outbox: Pick<Outbox, 'flushed' | 'onLeft'>;
  readonly unsaid: UnsaidAnswers;
  /** Whether the word that a call begins must have left before it does: it may compute for long. */
  readonly waitsForStarted: boolean;
  /**
   * Whether the other side does nothing but wait for a call, for which it may need those that would be held
   * back otherwise: it reads nothing until then.
   */
  readonly isReaderWaiting: () => boolean;
  /** Whether it has not been answered, as one is that was cancelled. */
  readonly isUnderWay: (call: IncomingCall) => boolean;
  readonly sayStarted: (call: IncomingCall) => void;
  readonly run: (call: IncomingCall) => void;
}

/** A call that runs once the word that it starts has left. */
interface Starting {
  readonly call: IncomingCall;
  readonly hasLeft: () => boolean;
}

/**
 * When calls begin. Those that can run do in the order they came, as many as a turn has time for; one that
 * is traced starts in a turn of its own, so that one which computes for long leaves room for a cancellation
 * of the next. None begins while a batch has left its turn, or too much waits for the other side to read it,
 * unless that waits for one of them.
 */
export class CallTurns implements Turn {
  isAbandoned = false;
  /** Those whose turn comes, in order; and what is left of those that were cancelled meanwhile. */
  private readonly queue = new CallQueue();
  private starting: Starting | undefined;
  /** Batches that have left their turn; what came behind them waits for them. */
  private suspended: (() => void)[] = [];
  private untilMs = 0;
  private isScheduled = false;

  constructor(private readonly parts: CallTurnsParts) {
    parts.outbox.onLeft(() => this.runSoon());
  }

  /** Input has come: from now on calls may run for a while. */
  begin(): void {
    this.untilMs = this.parts.platform.clock.now() + turnMs;
  }

  /** Whether a call that comes now may run at once: no other one is before it. */
  get isFree(): boolean {
    return this.queue.size === 0 && this.suspended.length === 0 && !this.isHeld && !this.isOver;
  }

  /** Whether calls have run for so long that other input should have its chance. */
  get isOver(): boolean {
    return this.parts.platform.clock.now() >= this.untilMs;
  }

  /** It runs when its turn comes. */
  add(call: IncomingCall): void {
    if (this.isAbandoned) return;
    this.queue.add(call);
    this.runSoon();
  }

  next(goOn: () => void): void {
    this.suspended.push(goOn);
    this.runSoon();
  }

  /** Whether the call has begun: not while the word of that has yet to leave. */
  hasBegun(call: IncomingCall): boolean {
    return call.startedMs !== undefined && call !== this.starting?.call;
  }

  /** No call begins any more; batches that have left their turn go on, and see that they are to end. */
  abandon(): void {
    this.isAbandoned = true;
    this.queue.clear();
  }

  /** Those that were held back may not have to be any more. */
  runSoon(): void {
    if (this.isScheduled || !this.hasWork) return;
    this.isScheduled = true;
    this.parts.platform.nextTurn(() => {
      this.isScheduled = false;
      this.begin();
      this.runNext();
    });
  }

  /** Whether no other call may begin, until something has left or the other side waits for one. */
  private get isHeld(): boolean {
    if (this.starting) return true;
    return this.parts.unsaid.mustWait && !this.parts.isReaderWaiting();
  }

  private get hasWork(): boolean {
    const { queue, suspended, starting } = this;
    return queue.size + suspended.length + this.parts.unsaid.size > 0 || starting !== undefined;
  }

  private runNext(): void {
    const batches = this.suspended;
    this.suspended = [];
    for (const goOn of batches) goOn();
    this.parts.unsaid.say();
    if (this.starting) return this.runStarting(this.starting);
    while (this.suspended.length === 0 && !this.isHeld) {
      const call = this.queue.take();
      if (!call) return;
      if (!this.parts.isUnderWay(call)) continue;
      if (call.isTraced) return this.start(call);
      this.parts.run(call);
      if (this.isOver) break;
    }
    if (!this.isHeld) this.runSoon();
  }

  /** Whatever happens while it runs, a loop without end perhaps, the caller is to know that it began. */
  private start(call: IncomingCall): void {
    const { platform, outbox, sayStarted } = this.parts;
    call.startedMs = platform.clock.now();
    sayStarted(call);
    this.starting = { call, hasLeft: outbox.flushed() };
    this.runStarting(this.starting);
  }

  private runStarting({ call, hasLeft }: Starting): void {
    if (this.parts.waitsForStarted && !hasLeft()) return;
    this.starting = undefined;
    if (this.parts.isUnderWay(call)) this.parts.run(call);
    this.runSoon();
  }
}

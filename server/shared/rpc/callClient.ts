import type { CancelSignal, Platform } from '../base/platform.ts';
import { GreenroomError, isGreenroomError, RemoteError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import {
  ROOT,
  violation,
  type CallId,
  type Message,
  type ReferenceId,
  type ServedTimes,
} from '../protocol/messages.ts';
import { PendingCalls, type Stuck } from './pendingCalls.ts';

export interface CallOptions {
  readonly signal?: CancelSignal | undefined;
  /** Counted from the call, not from its start on the other side. */
  readonly deadlineMs?: number | undefined;
  /** Keep the result on the other side, under this reference of ours. */
  readonly as?: ReferenceId | undefined;
  readonly target?: ReferenceId | undefined;
}

/**
 * Where the time of a call went; all on the machine's monotonic clock, in milliseconds. A call that
 * was given up while it ran was running until then.
 */
export interface CallTrace {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly served: ServedTimes;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** Called once per call that has started on the other side, before its promise settles. */
export type TraceListener = (trace: CallTrace) => void;

type Answer = Extract<Message, { kind: 'result' | 'error' }>;

interface SentCall {
  readonly atMs: number;
  readonly bytes: number;
  started?: Pick<ServedTimes, 'receivedMs' | 'startedMs'>;
}

/** The asking half of a connection: every call it makes ends exactly once. */
export class CallClient {
  private readonly pending: PendingCalls<{ readonly answer: Answer; readonly replyBytes: number }>;
  private readonly sent = new Map<CallId, SentCall>();
  private nextId = 1;

  constructor(
    private readonly platform: Platform,
    private readonly limits: Limits,
    graceMs: number,
    /** Answers with the size of the frame; throws when the message cannot be sent. */
    private readonly send: (message: Message) => number,
    onStuck: (how: Stuck) => void,
  ) {
    this.pending = new PendingCalls(platform.clock, graceMs, onStuck);
  }

  get size(): number {
    return this.pending.size;
  }

  async call(
    method: string,
    args: readonly unknown[],
    options: CallOptions = {},
    onTrace?: TraceListener,
  ): Promise<unknown> {
    if (options.signal?.aborted) throw cancelled(method);
    if (this.pending.size >= this.limits.maxPendingCalls) {
      throw new GreenroomError(
        'queue.full',
        `${this.pending.size} calls wait for an answer already`,
      );
    }
    const caller = new Error();
    const id = this.nextId++;
    const { target = ROOT, as } = options;
    const atMs = this.platform.clock.now();
    const message: Message = {
      kind: 'call',
      id,
      target,
      method,
      args,
      ...(as !== undefined && { as }),
    };
    const sent: SentCall = { atMs, bytes: this.send(message) };
    this.sent.set(id, sent);
    const settled = this.pending.add(id);
    using _watch = this.watch(id, method, options);
    try {
      const { answer, replyBytes } = await settled;
      onTrace?.(this.trace(sent, answer.times, replyBytes));
      if (answer.kind === 'error') throw withCallerStack(new RemoteError(answer.error), caller);
      return answer.value;
    } catch (error) {
      if (!(error instanceof RemoteError) && sent.started) {
        onTrace?.(this.trace(sent, { ...sent.started, finishedMs: this.platform.clock.now() }, 0));
      }
      throw sent.started ? error : neverStarted(error, method);
    } finally {
      this.sent.delete(id);
    }
  }

  /** The other side has begun to run the call. */
  started({ id, receivedMs, startedMs }: Extract<Message, { kind: 'started' }>): void {
    if (!this.pending.started(id)) throw notUnderWay(id);
    const sent = this.sent.get(id);
    if (sent) sent.started = { receivedMs, startedMs };
  }

  /** The other side has seen the cancellation; late, when the answer was there before. */
  acknowledged(id: CallId): void {
    this.pending.acknowledged(id);
  }

  /** Throws `protocol.violation` for an answer to a call that is not under way. */
  settle(answer: Answer, replyBytes: number): void {
    if (!this.pending.answer(answer.id, { answer, replyBytes })) throw notUnderWay(answer.id);
  }

  /** Nothing more will be answered. */
  failAll(error: Error): void {
    this.pending.failAll(error);
  }

  private trace(sent: SentCall, served: ServedTimes, replyBytes: number): CallTrace {
    return {
      sentAtMs: sent.atMs,
      answeredAtMs: this.platform.clock.now(),
      served,
      requestBytes: sent.bytes,
      replyBytes,
    };
  }

  private watch(id: CallId, method: string, { signal, deadlineMs }: CallOptions): Disposable {
    const giveUp = (reason: GreenroomError) => {
      if (!this.pending.has(id)) return;
      this.send({ kind: 'cancel', id });
      this.pending.abandon(id, reason);
    };
    const onAbort = () => giveUp(cancelled(method));
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      deadlineMs === undefined
        ? undefined
        : this.platform.clock.after(deadlineMs, () => giveUp(pastDeadline(method, deadlineMs)));
    return {
      [Symbol.dispose]: () => {
        signal?.removeEventListener('abort', onAbort);
        timer?.dispose();
      },
    };
  }
}

/** Tells the caller that the other side has done nothing of it, unless it gave up by itself. */
function neverStarted(error: unknown, method: string): unknown {
  if (!isGreenroomError(error, 'session.lost', 'session.closed')) return error;
  return new GreenroomError('call.notStarted', `'${method}' had not started: ${error.message}`, {
    cause: error,
  });
}

function notUnderWay(id: CallId): GreenroomError {
  return violation(`word came of call ${id}, which is not under way`);
}

/** The error as the other side threw it, with the stack of whoever called it from here. */
function withCallerStack(error: RemoteError, caller: Error): RemoteError {
  const frames = caller.stack?.split('\n').slice(1).join('\n') ?? '';
  error.stack = `${error.remoteName}: ${error.message}\n${frames}`;
  return error;
}

function cancelled(method: string): GreenroomError {
  return new GreenroomError('call.cancelled', `'${method}' was cancelled`);
}

function pastDeadline(method: string, deadlineMs: number): GreenroomError {
  return new GreenroomError('call.deadline', `'${method}' took longer than ${deadlineMs} ms`);
}

import type { CancelSource, Platform } from '../base/platform.ts';
import { GreenroomError, toWireError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation, type CallId, type Message } from '../protocol/messages.ts';
import { KeptResult, type ObjectTable } from './objectTable.ts';

type CallMessage = Extract<Message, { kind: 'call' }>;

interface Served {
  readonly cancel: CancelSource;
  readonly receivedMs: number;
  startedMs: number | undefined;
}

/**
 * Serves calls in the order they came. Each starts in a turn of its own, so that one which computes
 * for long leaves room for a cancellation of the next. Every call is answered exactly once.
 */
export class CallServer {
  private readonly served = new Map<CallId, Served>();

  constructor(
    private readonly platform: Platform,
    private readonly objects: ObjectTable,
    private readonly limits: Limits,
    private readonly send: (message: Message) => void,
  ) {}

  get pending(): number {
    return this.served.size;
  }

  accept(call: CallMessage): void {
    if (this.served.has(call.id)) throw violation(`call ${call.id} is under way already`);
    if (this.served.size >= this.limits.maxPendingCalls) throw violation('too many calls at once');
    const cancel = this.platform.createCancelSource();
    const served: Served = { cancel, receivedMs: this.platform.clock.now(), startedMs: undefined };
    this.served.set(call.id, served);
    this.startLater(() => void this.run(call, served));
  }

  /** A cancellation of a call that has been answered already is late, not wrong. */
  cancel(id: CallId): void {
    const served = this.served.get(id);
    if (!served) return;
    served.cancel.abort();
    if (served.startedMs === undefined) this.answer(id, served, { error: cancelled() });
    else this.send({ kind: 'cancelling', id });
  }

  /** Tells every running call that nobody waits any more. */
  cancelAll(): void {
    for (const id of [...this.served.keys()]) this.cancel(id);
  }

  private readonly waiting: (() => void)[] = [];

  private startLater(start: () => void): void {
    this.waiting.push(start);
    if (this.waiting.length === 1) this.platform.nextTurn(() => this.startNext());
  }

  private startNext(): void {
    this.waiting.shift()?.();
    if (this.waiting.length > 0) this.platform.nextTurn(() => this.startNext());
  }

  private async run(call: CallMessage, served: Served): Promise<void> {
    if (this.served.get(call.id) !== served) return; // cancelled before its turn
    const startedMs = this.platform.clock.now();
    served.startedMs = startedMs;
    this.send({ kind: 'started', id: call.id, receivedMs: served.receivedMs, startedMs });
    try {
      const method = this.objects.method(call.target, call.method);
      const result: unknown = await method(call.args, { signal: served.cancel.signal });
      if (result instanceof KeptResult) {
        if (call.as === undefined)
          throw violation(`'${call.method}' needs a reference for its result`);
        this.objects.keep(call.as, result.object);
        this.answer(call.id, served, { value: result.value });
      } else {
        this.answer(call.id, served, { value: result });
      }
    } catch (error) {
      this.answer(call.id, served, { error });
    }
  }

  private answer(
    id: CallId,
    served: Served,
    outcome: { value: unknown } | { error: unknown },
  ): void {
    if (this.served.get(id) !== served) return;
    this.served.delete(id);
    const finishedMs = this.platform.clock.now();
    const times = {
      receivedMs: served.receivedMs,
      startedMs: served.startedMs ?? finishedMs,
      finishedMs,
    };
    if ('error' in outcome) {
      this.send({ kind: 'error', id, error: toWireError(outcome.error), times });
      return;
    }
    try {
      this.send({ kind: 'result', id, value: outcome.value, times });
    } catch (error) {
      // The result cannot be sent as it is; that is the answer then.
      this.send({ kind: 'error', id, error: toWireError(error), times });
    }
  }
}

function cancelled(): GreenroomError {
  return new GreenroomError('call.cancelled', 'the call was cancelled before it started');
}

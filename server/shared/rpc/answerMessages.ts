import type { Clock } from '../base/platform.ts';
import { Op } from '../protocol/wire.ts';
import type { IncomingCall } from './incomingCall.ts';
import { tellFailure } from './keptResults.ts';
import { refuseSignal, type MessageWriter } from './messageWriter.ts';
import type { OutgoingCall } from './outgoingCall.ts';
import type { Passing } from './values/policy.ts';

/** Why an answer was not sent: it cannot be, or not yet. */
export interface Refusal {
  readonly error?: unknown;
  readonly waitsFor?: readonly OutgoingCall[];
}

/** What the other side is told of its calls. */
export class AnswerMessages {
  constructor(
    private readonly messages: MessageWriter,
    private readonly clock: Clock,
  ) {}

  /** Said before anything of the call runs: whatever happens then, the caller knows that it began. */
  started(call: IncomingCall): void {
    const { messages } = this;
    const place = messages.begin();
    messages.out.byte(Op.started);
    messages.out.count(call.id);
    messages.out.float64(call.receivedMs);
    messages.out.float64(call.startedMs!);
    messages.end(place);
    messages.outbox.flush();
  }

  /** It has a result, which nobody has asked for so far. */
  done(call: IncomingCall): void {
    const { messages } = this;
    if (!call.isTimed) return messages.numbers(Op.done, call.id);
    const place = messages.begin();
    messages.out.byte(Op.timedDone);
    messages.out.count(call.id);
    this.times(call);
    messages.end(place);
  }

  /** Says why the result could not be sent, if it could not; nothing of it has been sent then. */
  result(
    id: number,
    result: unknown,
    passing: Passing | undefined,
    timed?: IncomingCall,
  ): Refusal | undefined {
    const { messages } = this;
    const place = messages.begin(passing);
    try {
      messages.out.byte(timed ? Op.timedResult : Op.result);
      messages.out.count(id);
      if (timed) this.times(timed);
      messages.values.write(result);
      refuseSignal(messages);
      if (messages.onTheirWay.size > 0) {
        const waitsFor = [...messages.onTheirWay];
        messages.undo(place);
        return { waitsFor };
      }
      messages.end(place);
      return undefined;
    } catch (error) {
      messages.undo(place);
      return { error };
    }
  }

  /** Why such a result could not be sent, if it could not; nothing is sent. */
  whyNot(result: unknown, passing: Passing | undefined): unknown {
    const { messages } = this;
    const place = messages.begin(passing);
    try {
      messages.values.write(result);
      refuseSignal(messages);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      messages.undo(place);
    }
  }

  /** `timed` is the call, where its times go with the error. */
  error(id: number, error: unknown, timed?: IncomingCall): void {
    const { messages } = this;
    const place = messages.begin('value');
    messages.out.byte(Op.error);
    messages.out.count(id);
    messages.out.byte(timed ? 1 : 0);
    if (timed) this.times(timed);
    messages.values.write(tellFailure(error));
    messages.end(place);
  }

  private times(call: IncomingCall): void {
    const { out } = this.messages;
    const finishedMs = this.clock.now();
    out.float64(call.receivedMs);
    out.float64(call.startedMs ?? finishedMs);
    out.float64(finishedMs);
  }
}

import type { Clock } from '../base/platform.ts';
import { GreenroomError, isGreenroomError } from '../errors.ts';
import { Op } from '../protocol/wire.ts';
import { BatchOutcome, type Attempt } from './batchOutcome.ts';
import type { IncomingCall } from './incomingCall.ts';
import { tellCaller } from './keptResults.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { OutgoingCall } from './outgoingCall.ts';
import type { Passing } from './values/policy.ts';
import { Unsendable } from './values/unsendable.ts';

/** Why an answer was not sent: it cannot be, or not yet. */
export interface Refusal {
  readonly error?: unknown;
  readonly waitsFor?: readonly OutgoingCall[];
}

/** What users call that which is sent, and how many steps into it are ours. */
type Root = readonly [name: string, ownSteps: number];

const ofCall: Root = ['result', 0];
const ofBatch: Root = ['results', 1];

/** The results of a batch stand in a list, beside that of its failures. */
const depthOfItems = 2;

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
  }

  /** It has a result, which nobody has asked for so far. */
  done(call: IncomingCall): void {
    const { out, outbox } = this.messages;
    const place = outbox.begin();
    out.byte(call.isTimed ? Op.timedDone : Op.done);
    out.count(call.id);
    if (call.isTimed) this.times(call);
    outbox.end(place);
    outbox.answered();
  }

  /**
   * Says why the result could not be sent, if it could not; nothing of it has been sent then. What cannot be
   * sent of a batch fails its item alone.
   */
  result(
    id: number,
    result: unknown,
    passing: Passing | undefined,
    timed?: IncomingCall,
  ): Refusal | undefined {
    if (!BatchOutcome.is(result)) return this.write(id, result, passing, timed);
    const write = () => this.write(id, result.answer, passing, timed, ofBatch);
    const refused = write();
    if (!refused || refused.waitsFor) return refused;
    if (result.refuse((results, from) => this.attempt(results, from, passing))) {
      return { error: tooMuchTogether() };
    }
    const again = write();
    const isTogether = !result.hasTooLarge && isGreenroomError(again?.error, 'frame.tooLarge');
    return isTogether ? { error: tooMuchTogether() } : again;
  }

  /** `timed` is the call, where its times go with the error. */
  error(id: number, error: unknown, timed?: IncomingCall): void {
    const { messages } = this;
    const place = messages.begin('value');
    messages.out.byte(Op.error);
    messages.out.count(id);
    messages.out.byte(timed ? 1 : 0);
    if (timed) this.times(timed);
    messages.values.write(tellCaller(error));
    messages.end(place);
    messages.outbox.answered();
  }

  private write(
    id: number,
    result: unknown,
    passing: Passing | undefined,
    timed: IncomingCall | undefined,
    root = ofCall,
  ): Refusal | undefined {
    const { messages } = this;
    const place = messages.begin(passing);
    try {
      messages.out.byte(timed ? Op.timedResult : Op.result);
      messages.out.count(id);
      if (timed) this.times(timed);
      messages.values.write(result);
      if (messages.onTheirWay.size > 0) {
        const waitsFor = [...messages.onTheirWay];
        messages.undo(place);
        return { waitsFor };
      }
      messages.end(place);
    } catch (thrown) {
      messages.undo(place);
      return { error: Unsendable.told(thrown, ...root) };
    }
    messages.outbox.answered();
    return undefined;
  }

  /** Writes results into one message until one cannot be sent, and takes it back. */
  private attempt(
    results: readonly unknown[],
    from: number,
    passing: Passing | undefined,
  ): Attempt {
    const { messages } = this;
    const place = messages.begin(passing);
    let written = 0;
    let error: unknown;
    try {
      for (; from + written < results.length; written++) {
        messages.values.write(results[from + written], depthOfItems);
        messages.outbox.assertFits(place);
      }
    } catch (thrown) {
      error = Unsendable.told(thrown, ...ofCall);
    }
    const share = messages.shareOf(place);
    messages.undo(place);
    return { written, error, share };
  }

  private times(call: IncomingCall): void {
    const { out } = this.messages;
    const finishedMs = call.finishedMs ?? this.clock.now();
    out.float64(call.receivedMs);
    out.float64(call.startedMs ?? finishedMs);
    out.float64(finishedMs);
  }
}

function tooMuchTogether(): GreenroomError {
  const message = 'the results of the batch are too much for one message; ask for fewer at a time';
  return new GreenroomError('frame.tooLarge', message);
}

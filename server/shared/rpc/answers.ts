import { GreenroomError, RemoteError, type WireError } from '../errors.ts';
import { violation } from '../protocol/violation.ts';
import type { ServedTimes } from './callOptions.ts';
import { notUnderWay, type CallsUnderWay } from './callsUnderWay.ts';
import type { Fates } from './fates.ts';
import { tellFailure, type Fill } from './keptResults.ts';
import { CallState, type OutgoingCall } from './outgoingCall.ts';
import { quoted } from './port.ts';
import { isThenable } from './thenables.ts';
import type { WaitingLane } from './waitingLane.ts';

/** What comes with an answer beside the value or error. */
export interface AnswerDetails {
  readonly times: ServedTimes | undefined;
  /** Size of the frame that it came in, and of what came beside it. */
  readonly bytes: number;
  readonly fill?: Fill | undefined;
}

/**
 * What the other side says of the calls that it was asked to make. Word of a call that does not expect it
 * throws `protocol.violation`.
 */
export class Answers {
  constructor(
    private readonly underWay: CallsUnderWay,
    private readonly lane: WaitingLane,
    private readonly fates: Fates,
  ) {}

  started(id: number, times: Pick<ServedTimes, 'receivedMs' | 'startedMs'>): void {
    const { traced } = this.underWay.expect(id);
    if (!traced || traced.hasStarted) throw notUnderWay(id);
    traced.start(times);
  }

  /** The cancellation has reached a call; late, when the answer was there before. */
  acknowledged(id: number): void {
    this.underWay.find(id)?.traced?.acknowledge();
  }

  /** The other side has the result of a call that was sent without asking for it. */
  done(id: number, details: AnswerDetails): void {
    const call = this.underWay.expect(id);
    if (!call.isKept || call.isWanted || !call.isUnderWay) throw notUnderWay(id);
    const reason = this.answered(call, details);
    if (reason) call.fail(reason);
    else if (!call.isAwaited) call.state = CallState.kept;
    call.timed?.settled();
    this.dropUnneeded(call);
  }

  /** `fill` is there when parts of the value are still to come; it calls back when all have. */
  succeed(id: number, value: unknown, details: AnswerDetails): void {
    const { fill } = details;
    const call = this.expectResult(id);
    if (fill) this.underWay.expectAnother(call);
    call.hasCome = true;
    const reason = this.answered(call, details);
    if (reason) call.fail(reason);
    else if (!fill) bring(call, value);
    fill?.(failure => {
      this.underWay.answered(call);
      call.traced?.end();
      if (failure === undefined) bring(call, value);
      else call.fail(new RemoteError(tellFailure(failure)));
      this.dropAwaited(call);
    });
    if (!fill) this.dropAwaited(call);
  }

  /** Until all of it is here, other calls name what is kept there. */
  private dropAwaited({ fate, isAwaited }: OutgoingCall): void {
    if (fate && isAwaited) this.fates.drop(fate);
  }

  fail(id: number, wire: WireError, details: AnswerDetails): void {
    const call = this.expectAnswer(id);
    const givenUp = call.needs && whyGivenUp(call.needs, wire);
    call.failedId = wire.failedId;
    const reason = this.answered(call, details) ?? givenUp;
    const error = new RemoteError(wire);
    if (call.traced) error.captureCaller(call.traced.caller);
    call.fail(reason ?? error);
    this.dropUnneeded(call);
    this.dropAwaited(call); // what nobody asks for is kept as a failure, for those who come later
  }

  /** It was given back before it was answered. */
  private dropUnneeded({ fate, isGivenBack }: OutgoingCall): void {
    if (fate && isGivenBack) this.fates.drop(fate);
  }

  /** The result has come, but holds something that leads nowhere. */
  unusable(id: number, wire: WireError, details: AnswerDetails): void {
    this.expectResult(id);
    this.fail(id, wire, details);
  }

  /** What was asked for only later comes after the answer to the call itself. */
  private expectResult(id: number): OutgoingCall {
    const call = this.expectAnswer(id);
    if (call.isUnderWay && !call.isWanted) throw notUnderWay(id);
    return call;
  }

  /** The first one answers the call itself, another what it was asked for. */
  private expectAnswer(id: number): OutgoingCall {
    const call = this.underWay.expect(id);
    if (!call.isUnderWay && !call.isPullSent) throw notUnderWay(id);
    return call;
  }

  /** Gives what the caller sees instead of the answer, if it has given up. */
  private answered(
    call: OutgoingCall,
    { times, bytes, fill }: AnswerDetails,
  ): GreenroomError | undefined {
    const timed = call.isUnderWay ? call.timed : undefined;
    if ((timed === undefined) !== (times === undefined)) throw mistimed(call.id);
    this.underWay.answered(call);
    if (call.isUnderWay) {
      call.isUnderWay = false;
      call.needs = undefined;
      this.lane.answered(call);
    } else {
      call.isPullSent = false;
      this.lane.pulled();
    }
    if (!timed || !times) return undefined;
    if (!fill) call.traced?.end();
    return timed.answered(times, bytes);
  }
}

/** A call has failed because another one had: why this side gave up that one, if it did. */
function whyGivenUp(needs: readonly OutgoingCall[], { failedId }: WireError): Error | undefined {
  const failed = needs.find(one => (one.failedId ?? one.id) === failedId);
  const isOurs = failed?.state === CallState.failed && !(failed.failure instanceof RemoteError);
  return isOurs ? failed.tellFailure() : undefined;
}

/** Resolving a promise with what can be awaited would call it, whosever it is: an object of this side perhaps. */
function bring(call: OutgoingCall, value: unknown): void {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) return call.succeed(value);
  try {
    if ('then' in value && isThenable(value)) return call.fail(hasThen(call.name));
  } catch (error) {
    return call.fail(error); // a getter of this side
  }
  call.succeed(value);
}

function hasThen(name: string): GreenroomError {
  const what = `${quoted(name)} brought an object with a method 'then', which awaiting would call`;
  return new GreenroomError('value.unserializable', `${what}; have it in a list`);
}

function mistimed(id: number): Error {
  return violation(`the answer to call ${id} lacks its times, or has some that nobody asked for`);
}

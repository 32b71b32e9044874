import { GreenroomError, RemoteError, type WireError } from '../errors.ts';
import { violation } from '../protocol/violation.ts';
import { isThenable } from './batches.ts';
import type { ServedTimes } from './callOptions.ts';
import { notUnderWay, type CallsUnderWay } from './callsUnderWay.ts';
import type { Fates } from './fates.ts';
import { tellFailure, type Fill } from './keptResults.ts';
import { CallState, type OutgoingCall } from './outgoingCall.ts';
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
  done(id: number, { times, bytes }: AnswerDetails): void {
    const call = this.underWay.expect(id);
    if (!call.isKept || call.isWanted || !call.isUnderWay) throw notUnderWay(id);
    this.answered(call, times);
    const reason = times && call.timed?.answered(times, bytes, true);
    if (reason) call.fail(reason);
    else if (!call.isAwaited) call.state = CallState.kept;
    call.timed?.settled();
    if (call.fate && call.isGivenBack) this.fates.drop(call.fate);
  }

  /** `fill` is there when parts of the value are still to come; it calls back when all have. */
  succeed(id: number, value: unknown, { times, bytes, fill }: AnswerDetails): void {
    const call = this.expectResult(id);
    if (fill) this.underWay.expectAnother(call);
    call.hasCome = true;
    this.answered(call, times);
    const reason = times && call.timed?.answered(times, bytes, !fill);
    if (reason) call.fail(reason);
    else if (!fill) bring(call, value);
    fill?.(failure => {
      this.underWay.answered(call);
      call.traced?.end();
      if (call.state === CallState.failed) return; // given up meanwhile
      if (failure !== undefined) call.fail(new RemoteError(tellFailure(failure)));
      else bring(call, value);
    });
    if (call.fate && call.isAwaited) this.fates.drop(call.fate);
  }

  fail(id: number, wire: WireError, { times, bytes }: AnswerDetails): void {
    const call = this.underWay.expect(id);
    this.answered(call, times);
    const reason = times && call.timed?.answered(times, bytes, true);
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

  /** What was asked for only later comes after the answer to the call itself. */
  private expectResult(id: number): OutgoingCall {
    const call = this.underWay.expect(id);
    if (call.isUnderWay && !call.isWanted) throw notUnderWay(id);
    return call;
  }

  private answered(call: OutgoingCall, times?: ServedTimes): void {
    if (call.isUnderWay && call.timed && !times) throw untimed(call.id);
    this.underWay.answered(call);
    if (!call.isUnderWay) return;
    call.isUnderWay = false;
    this.lane.answered(call);
  }
}

/** Resolving a promise with what can be awaited would call it, whosever it is: an object of this side perhaps. */
function bring(call: OutgoingCall, value: unknown): void {
  try {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || !('then' in value) || !isThenable(value)) return call.succeed(value);
  } catch (error) {
    return call.fail(error); // a getter of this side
  }
  const what = `'${call.name}' brought an object with a method 'then', which awaiting would call`;
  call.fail(new GreenroomError('value.unserializable', `${what}; have it in a list`));
}

function untimed(id: number): Error {
  return violation(`the answer to call ${id} lacks its times`);
}

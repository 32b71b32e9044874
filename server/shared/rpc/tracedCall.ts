import type { DisposableLike } from '../base/disposable.ts';
import { longestDelayMs, type CancelSignal } from '../base/platform.ts';
import { GreenroomError, isGreenroomError } from '../errors.ts';
import type { CallOptions, ServedTimes } from './callOptions.ts';
import { quoted } from './port.ts';
import { TimedCall, type TimedCallContext } from './timedCall.ts';

/**
 * What a call that was given up does to its session: `blocked`, the process does not even acknowledge
 * the cancellation; `ignoring`, it does, and the call goes on all the same.
 */
export type Stuck = 'blocked' | 'ignoring';

/** A timer that rings so much later than it should was held up by this process. */
const lateMs = 20;
/** Once this process goes on, it hears within this time what the other one has said meanwhile. */
const hearingMs = 100;

export interface TracedCallContext extends TimedCallContext {
  readonly graceMs: number;
  readonly onStuck: (how: Stuck) => void;
  /** Tells the other side that the answer is no longer wanted. */
  readonly cancel: () => void;
  /** Fails the caller now; the answer is still waited for. */
  readonly reject: (error: Error) => void;
}

/**
 * Follows a call that can be given up, or whose times are wanted. One that was given up before it
 * started fails its caller at once and harms nobody. One that runs has the grace period to
 * acknowledge, which fails its caller, and as long again to end; what it does beyond is reported.
 */
export class TracedCall extends TimedCall {
  readonly caller = new Error();
  /** It was given up, and goes on beyond the grace period. */
  isStuck = false;
  private started: Pick<ServedTimes, 'receivedMs' | 'startedMs'> | undefined;
  /** Why the caller gave up, once it has. */
  private abandoned: GreenroomError | undefined;
  /** Nothing of it runs on the other side any more, though parts of its result may be still to come. */
  private hasRun = false;
  private grace: DisposableLike | undefined;
  private deadline: DisposableLike | undefined;

  constructor(
    name: string,
    private readonly options: CallOptions,
    protected override readonly context: TracedCallContext,
  ) {
    const { signal, deadlineMs } = options;
    super(name, context);
    signal?.addEventListener('abort', this.onAbort, { once: true });
    if (deadlineMs !== undefined && deadlineMs <= longestDelayMs) {
      const onTime = () => this.abandon(pastDeadline(name, deadlineMs));
      this.deadline = context.clock.after(deadlineMs, onTime);
    }
  }

  get hasStarted(): boolean {
    return this.started !== undefined;
  }

  override get mayHaveBegun(): boolean {
    return this.hasStarted;
  }

  /** The other side has begun to run the call. */
  start(times: Pick<ServedTimes, 'receivedMs' | 'startedMs'>): void {
    this.started = times;
    this.hear(() => this.options.onStart?.());
    if (this.abandoned) this.watch('blocked'); // the cancellation crossed the start
  }

  /** The other side has seen the cancellation of the call, which runs. */
  acknowledge(): void {
    if (!this.abandoned || !this.started || this.trace) return;
    this.tellUnanswered();
    this.context.reject(this.abandoned);
    this.watch('ignoring');
  }

  /**
   * The answer is there; when the caller had given up, this is the reason it sees instead. The call can be
   * given up until {@link end}: parts of its result may be still to come.
   */
  override answered(times: ServedTimes, replyBytes: number): GreenroomError | undefined {
    this.hasRun = true;
    this.grace?.dispose();
    this.tellTrace(times, replyBytes);
    return this.abandoned;
  }

  /** No answer will come. Gives what the caller sees; `isUnknown` is whether the word that it began may be lost. */
  lost(error: Error, isUnknown = false): Error {
    this.end();
    this.tellUnanswered();
    if (this.abandoned) return this.abandoned;
    return this.started || isUnknown ? error : neverStarted(error, this.name);
  }

  /** Nothing more will come; it cannot be given up any more. */
  end(): void {
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.deadline?.dispose();
    this.grace?.dispose();
  }

  private readonly onAbort = () => this.abandon(cancelled(this.name, this.options.signal));

  private abandon(reason: GreenroomError): void {
    if (this.abandoned) return;
    this.abandoned = reason;
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.deadline?.dispose();
    if (this.hasRun) return this.context.reject(reason);
    this.context.cancel();
    if (this.started) this.watch('blocked');
    else this.context.reject(reason);
  }

  private watch(how: Stuck): void {
    const { clock, graceMs, onStuck } = this.context;
    const report = () => {
      this.isStuck = true;
      onStuck(how);
    };
    this.grace?.dispose();
    const dueMs = clock.now() + graceMs;
    this.grace = clock.after(graceMs, () => {
      const isLate = clock.now() - dueMs > lateMs;
      // What held up this process kept it from hearing the other one. But the other one may be what does.
      if (isLate) this.grace = clock.after(hearingMs, report);
      else report();
    });
  }

  private tellUnanswered(): void {
    if (!this.started) return;
    this.tellTrace({ ...this.started, finishedMs: this.context.clock.now() }, 0);
  }

  private tellTrace(served: ServedTimes, replyBytes: number): void {
    if (!this.started || this.trace) return;
    const trace = this.measure(served, replyBytes);
    this.hear(() => this.options.onTrace?.(trace));
  }
}

/** The cause is what the signal was fired with. */
export function cancelled(name: string, signal: CancelSignal | undefined): GreenroomError {
  const cause = signal?.reason;
  const options = cause === undefined ? undefined : { cause };
  return new GreenroomError('call.cancelled', `${quoted(name)} was cancelled`, options);
}

/** Why a call is not to be made at all: its signal has fired, or its time is over before it begins. */
export function givenUp(
  name: string,
  { signal, deadlineMs }: CallOptions,
): GreenroomError | undefined {
  if (signal?.aborted) return cancelled(name, signal);
  return deadlineMs === 0 ? pastDeadline(name, 0) : undefined;
}

function pastDeadline(name: string, deadlineMs: number): GreenroomError {
  return new GreenroomError('call.deadline', `${quoted(name)} took longer than ${deadlineMs} ms`);
}

/** Tells the caller that the other side has done nothing of it, unless it gave up by itself. */
function neverStarted(error: Error, name: string): Error {
  if (!isGreenroomError(error, 'session.lost', 'session.closed')) return error;
  return new GreenroomError(
    'call.notStarted',
    `${quoted(name)} had not started: ${error.message}`,
    {
      cause: error,
    },
  );
}

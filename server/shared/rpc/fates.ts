import type { Platform } from '../base/platform.ts';
import { errorLimits } from '../toldErrors.ts';
import type { CallsUnderWay } from './callsUnderWay.ts';
import type { OutgoingCall } from './outgoingCall.ts';

/** What becomes of a call whose result nobody has asked for: it outlives the call itself. */
export interface Fate {
  /** 0 as long as the call has not been sent. */
  id: number;
  /** For people: what was called. */
  readonly name: string;
  /** As long as somebody may have to be told of it. */
  failure: { readonly error: unknown } | undefined;
  /** Whether someone has seen the failure, or will. */
  isSeen: boolean;
  isDropped: boolean;
}

/** Keeps the error of a call as long as somebody may have to be told of it. */
export function keepError(fate: Fate, error: unknown): void {
  if (fate.isSeen) return;
  readStacks(error);
  fate.failure = { error };
}

/** Somebody has seen the failure, or will: nothing more is kept of it. */
export function markSeen(fate: Fate): void {
  fate.isSeen = true;
  fate.failure = undefined;
}

/** Until it is read, a stack holds what is on it: the call perhaps, which would never be abandoned. */
function readStacks(error: unknown): void {
  let link = error as Partial<Error> | null | undefined;
  try {
    for (let causes = 0; link && causes <= errorLimits.causes; causes++) {
      void link.stack;
      link = link.cause as typeof link;
    }
  } catch {
    // Whatever was thrown or fired with, it need not let itself be looked at.
  }
}

/**
 * Results that the other side keeps for this one, until they are given back or nobody can reach them
 * any more. A failure that nobody has seen by then is told once.
 */
export class Fates {
  private readonly byCall = new Map<number, Fate>();
  /** Of calls that had failed before they were sent. */
  private readonly unsent = new Set<Fate>();
  /** Those that are told at the end of this turn. */
  private readonly ending = new Set<Fate>();
  private readonly abandoned = new FinalizationRegistry<Fate>(fate => this.drop(fate));

  constructor(
    private readonly platform: Pick<Platform, 'endOfTurn'>,
    private readonly underWay: Pick<CallsUnderWay, 'over'>,
    /** Tells the other side that the result of this call is not needed any more. */
    private readonly giveBack: (call: number) => void,
    private readonly onUnseenFailure: (name: string, error: unknown) => void,
  ) {}

  get size(): number {
    return this.byCall.size;
  }

  /** The other side keeps the result of the call. */
  watch(call: OutgoingCall): void {
    const fate = call.fate ?? this.begin(call);
    fate.id = call.id;
    fate.isDropped = false; // it may have been given up, and given back, before it left
    this.byCall.set(call.id, fate);
  }

  /** A call has failed. One that has not left was not watched so far, as only this side knows of it. */
  fail(call: OutgoingCall, error: unknown): void {
    const { isUnsent } = call;
    call.fail(error);
    if (!isUnsent) return;
    const fate = this.begin(call);
    keepError(fate, error);
    if (this.underWay.over) this.tellSoon(fate);
    else this.unsent.add(fate);
  }

  drop(fate: Fate): void {
    if (!fate.isDropped) {
      this.forget(fate);
      if (fate.id > 0) this.giveBack(fate.id);
    }
    this.report(fate);
  }

  /** Nothing more will be sent or answered. */
  dropAll(): void {
    for (const fate of [...this.byCall.values(), ...this.unsent]) {
      this.forget(fate);
      this.tellSoon(fate);
    }
  }

  /** Whoever awaits the call may begin to later in this turn. */
  tellSoon(fate: Fate): void {
    if (!fate.failure) return; // most of what is kept when a connection ends
    this.ending.add(fate);
    this.platform.endOfTurn(() => {
      this.ending.delete(fate);
      this.report(fate);
    });
  }

  /** Tells what is to be told at the end of this turn. */
  tellNow(): void {
    for (const fate of this.ending) this.report(fate);
  }

  /** Tells of a failure that nobody has seen and nobody will. */
  private report(fate: Fate): void {
    const { failure } = fate;
    if (!failure) return;
    markSeen(fate);
    this.onUnseenFailure(fate.name, failure.error);
  }

  private forget(fate: Fate): void {
    fate.isDropped = true;
    this.unsent.delete(fate);
    this.byCall.delete(fate.id);
  }

  private begin(call: OutgoingCall): Fate {
    const { name, isAwaited, isPassedOn } = call;
    const isSeen = isAwaited || isPassedOn;
    const fate: Fate = { id: 0, name, failure: undefined, isSeen, isDropped: false };
    call.fate = fate;
    this.abandoned.register(call, fate);
    return fate;
  }
}

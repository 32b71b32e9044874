import type { CancelSource } from '../base/platform.ts';
import type { Later } from './values/later.ts';
import { CallFlag } from '../protocol/wire.ts';
import type { Passing } from './values/policy.ts';
import type { KeptResult } from './keptResults.ts';

export interface BatchAction {
  readonly kind: 'batch';
  readonly items: readonly (readonly unknown[])[];
  readonly runsAll: boolean;
}

/** What a call does to its target. */
export type Action =
  | { readonly kind: 'call' | 'construct'; readonly args: readonly unknown[] }
  | BatchAction
  | { readonly kind: 'get' }
  /** The value is in a list of one, where a later result finds its place. */
  | { readonly kind: 'set'; readonly value: readonly [unknown] };

/** A call of the other side, from its arrival to its answer. */
export class IncomingCall {
  target: unknown;
  /** Whether it is an object that was sent by reference. */
  isTargetGiven = false;
  /** The call of the same side that brings it, if one does. */
  targetResult: KeptResult | undefined;
  path: readonly string[] = [];
  action: Action = { kind: 'get' };
  /** Results that the call must wait for. */
  needs: Later[] | undefined;
  /** Has it wait for them no longer. */
  stopWaiting: (() => void) | undefined;
  /** Why it cannot be made although it is well-formed. */
  refusal: unknown;
  kept: KeptResult | undefined;
  cancel: CancelSource | undefined;
  /** It has ended; its answer waits for something that is on its way here. */
  isAnswerWaiting = false;
  /** Among the calls that have come, from 1. */
  order = 0;
  /** Of its message, with what came beside it. */
  bytes = 0;
  receivedMs = 0;
  startedMs: number | undefined;
  /** If its answer waits. */
  finishedMs: number | undefined;

  constructor(
    readonly id: number,
    readonly flags: number,
  ) {}

  /** It will never run: what it holds is let go of. */
  empty(): void {
    this.target = undefined;
    this.targetResult = undefined;
    this.action = { kind: 'get' };
    this.needs = undefined;
  }

  get isTraced(): boolean {
    return (this.flags & CallFlag.traced) !== 0;
  }

  /** Whether its caller waits for it and does nothing else. */
  get isSynchronous(): boolean {
    return (this.flags & CallFlag.synchronous) !== 0;
  }

  /** Whether its answer tells when it came, started and ended. */
  get isTimed(): boolean {
    return (this.flags & (CallFlag.traced | CallFlag.timed)) !== 0;
  }

  /** How the caller wants the result, whatever the policies say. */
  get passing(): Passing | undefined {
    if (this.flags & CallFlag.byValue) return 'value';
    return this.flags & CallFlag.byReference ? 'reference' : undefined;
  }

  get isWanted(): boolean {
    return (this.flags & CallFlag.want) !== 0;
  }
}

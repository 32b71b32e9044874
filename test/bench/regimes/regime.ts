import type { Answer } from '../sides/side.ts';

/** One side, ready to do the work of a regime again and again. */
export interface Lane extends AsyncDisposable {
  /** What each step needs, outside the time that counts. */
  readonly prepare?: () => Answer<unknown>;
  /** Does the work once. What it answers is compared with what `direct` does. */
  readonly step: () => Answer<unknown>;
  /**
   * A call that takes no time, where a step takes so long that the code which carries calls would not be
   * compiled by the first round.
   */
  readonly smallStep?: () => Answer<unknown>;
  /** Of one step, where it is not as many as the regime says. */
  readonly operations?: number;
}

export interface Entrant {
  readonly name: string;
  readonly enter: () => Promise<Lane>;
}

/** The floor among the entrants does no work, so its answers are not compared. */
export const floorName = 'floor';
export const directName = 'direct';
export const greenroomName = 'greenroom';

export interface Regime {
  readonly name: string;
  /** How many operations one step does; figures are per operation. */
  readonly operations: number;
  /** Steps that each side does in a round at least. */
  readonly minSteps: number;
  readonly entrants: readonly Entrant[];
}

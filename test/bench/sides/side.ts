import type { Ask, Workload } from '../children/workload.mjs';

export type Answer<T> = T | PromiseLike<T>;

/** An object as its callers see it from another process. */
export type FromAfar<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => PromiseLike<Awaited<R>>
    : never;
};

/** What some sides can do and others cannot; every side can call and carry plain data. */
export const allAbilities = [
  'mapsAndDates',
  'bytes',
  'batch',
  'callbacks',
  'callbackBatch',
  'callbackSync',
  'graph',
] as const;

export type Ability = (typeof allAbilities)[number];

export type BatchMethod = 'ping' | 'increment' | 'digest';

/** One way to have the work done: here, or by someone else. */
export interface Side extends AsyncDisposable {
  readonly workload: FromAfar<Workload>;
  /** Arguments may be answers that are not there yet. */
  readonly pipelines?: boolean;
  readonly batch?: (
    method: BatchMethod,
    items: readonly (readonly unknown[])[],
  ) => PromiseLike<readonly unknown[]>;
  /** Where a function does not simply go among the arguments. */
  readonly callback?: (ask: Ask, times: number) => Answer<number>;
  /** Creates nodes, links each to the one before and reads the total, waiting for each step or not. */
  readonly graph?: (nodes: number, waits: boolean) => Answer<number>;
  /** What a user of this side has to do before the first answer; `constructAndPing` if absent. */
  readonly firstPing?: () => Answer<number>;
}

export interface Contestant {
  readonly name: string;
  readonly abilities: readonly Ability[];
  /** `need`: what the regime is about, so that a peer can be set up for it. */
  readonly open: (need: Ability | undefined) => Promise<Side>;
  /** Opens a side, has it answer one ping and closes it, where that is more than opening and calling. */
  readonly coldPing?: () => Promise<number>;
}

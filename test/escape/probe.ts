import type { PoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import type { Answer, HostileSession, Runtime } from './hostileSession.ts';
import type { Scene } from './scene.ts';

/** Something that a hostile tool tries. What came of it is seen from outside. */
export interface Probe {
  readonly name: string;
  /** Both, when absent. */
  readonly runtimes?: readonly Runtime[];
  /** What the tool is told to do, by the name that it has in `test/fixtures/hostile`. */
  readonly deed: string;
  readonly args: (scene: Scene, session: HostileSession) => readonly unknown[];
  /** Why it cannot be tried here. */
  readonly whyNot?: (scene: Scene) => string | undefined;
  /** It fills, spins or multiplies: in a session of its own, which is ended before it is judged. */
  readonly isHeavy?: boolean;
  readonly policy?: Partial<PoolPolicy>;
  /** What harm is seen while the session still runs, beyond what is looked for always. */
  readonly harm?: (attempt: Attempt) => Promise<string | undefined>;
}

export interface Attempt {
  readonly scene: Scene;
  readonly session: HostileSession;
  readonly answer: Answer;
}

export type Verdict = 'blocked' | 'contained' | 'escaped';

export interface Outcome {
  readonly verdict: Verdict | 'skipped';
  /** What the tool was told, what harm was seen, or why it was not tried. */
  readonly detail: string;
}

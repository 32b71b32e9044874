import * as v from 'valibot';

/** What a worker tries before it loads anything, as its host tells it. */
const probe = v.object({
  /** A file outside of what it should see. */
  read: v.string(),
  /** A folder that it should not be able to change. */
  write: v.string(),
});

export type Probe = v.InferOutput<typeof probe>;

/** What a session should not be able to do. */
export const forbidden = ['read', 'write', 'connect', 'spawn'] as const;

export type Forbidden = (typeof forbidden)[number];

/** The variable that holds a {@link Probe}; without it, nothing is tried. */
export const probeVariable = 'GREENROOM_PROBE';

/** Undefined when nothing is to be tried. Throws for what is no probe. */
export function parseProbe(text: string | undefined): Probe | undefined {
  return text === undefined ? undefined : v.parse(probe, JSON.parse(text));
}

/** What the operating system is asked for; what it really denies is measured from inside. */
export type Mechanism = 'bubblewrap' | 'landlock' | 'seatbelt' | 'permissionModel' | 'none';

/** How a session is confined: what was asked for, and what was measured from inside. */
export interface Confinement {
  readonly mechanism: Mechanism;
  /** What it could do all the same when it tried; all of it when it was not asked to. */
  readonly succeeded: readonly Forbidden[];
  /** What its tools need, and so was granted. */
  readonly granted: readonly Forbidden[];
  /** Whether it was granted a folder for temporary files. */
  readonly hasScratch?: boolean;
  /** For people: why nothing stronger is to be had, and what to do about it. */
  readonly shortfall?: string;
}

export type ConfinementTier = 'confined' | 'partlyConfined' | 'unconfined';

/** What it can do without having been granted it. */
export function openPowers({ succeeded, granted }: Confinement): readonly Forbidden[] {
  return succeeded.filter(power => !granted.includes(power));
}

/** The tier that was measured. */
export function tierOf(confinement: Confinement): ConfinementTier {
  const open = openPowers(confinement).length;
  if (open === 0) return 'confined';
  return open + confinement.granted.length >= forbidden.length ? 'unconfined' : 'partlyConfined';
}

import type { Forbidden, Mechanism } from '../../server/shared/protocol/confinement.ts';

/** What a caller wants of the confinement of a session. Paths are as the caller knows them. */
export interface ConfinementWish {
  /** What must be denied: no session without. All else is denied as far as the machine can. */
  readonly demands: readonly Forbidden[];
  /** The folder the session works for. */
  readonly workspace: string;
  /** Packages and folders beside it that the session reads; they may be links. */
  readonly readable: readonly string[];
  /** Whether its tools start processes of their own. */
  readonly needsChildren: boolean;
  /** Whether its tools keep temporary files or caches; they get a folder of their own for them. */
  readonly needsScratch: boolean;
  /** This one, not the strongest that there is. */
  readonly mechanism?: Mechanism;
}

/** A link that must be there for paths to be found as they are known outside. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** What one process may touch, and nothing else. Paths are absolute and real: no link on the way. */
export interface ConfinedPaths {
  readonly workspace: string;
  /** Folders and files that are read, the workspace or its visible parts among them. */
  readonly readable: readonly string[];
  /** Where it may write: its shared memory, and a folder of its own where it was granted one. */
  readonly writable: readonly string[];
  /** Where temporary files go; bubblewrap puts private memory there. */
  readonly scratch: string;
}

/** Everything that decides what a confined process can do. */
export interface ConfinementPlan extends ConfinedPaths {
  readonly links: readonly Link[];
  readonly needsChildren: boolean;
  readonly needsScratch: boolean;
  /** It turns into another program, which lies among what is read. */
  readonly becomesAnother?: boolean;
  readonly limits: ProcessLimits;
}

/** One process, as it is to be started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Bounds that the kernel keeps for a process and its children. */
export interface ProcessLimits {
  /** Private writable memory in bytes, Node's own reservations among it. */
  readonly dataBytes: number;
  readonly fileBytes: number;
  readonly processes: number;
  readonly niceness: number;
}

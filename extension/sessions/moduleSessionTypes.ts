import type { Confinement } from '../../server/shared/protocol/confinement.ts';
import type { LiveCounts } from '../../server/shared/rpc/connection.ts';
import type { RemoteResult } from '../../server/shared/rpc/remoteTypes.ts';
import type { Passing, PassingDecision } from '../../server/shared/rpc/values/policy.ts';

/**
 * One caller's session with modules of its choice. Disposing it gives the lease back; what was loaded
 * stays warm as long as the session does.
 */
export interface ModuleSession extends Disposable {
  /**
   * A remote for one export of a module, or for all of them; it can be used at once. `module` is an
   * absolute path or a file URL; in Python also a package's folder or a name with dots. Throws
   * `session.moduleInHost` when this process has loaded it too.
   */
  load<T>(module: string | URL, exportName?: string): RemoteResult<T, 'reference'>;
  /** How a value would be sent, and which rule says so; not whether it can be. */
  policyOf(value: object, ofCall?: Passing): PassingDecision;
  /** How the session is confined, as it has measured itself when it started. */
  readonly confinement: Confinement;
  /** What both sides hold at this moment; for tests. */
  liveReferences(): Promise<LiveReferences>;
  /** Ends the session for everyone who shares it, whatever its keepalive. */
  close(): Promise<void>;
}

/** References and calls on both sides of a session: nothing of it is left when all is released. */
export interface LiveReferences {
  readonly host: LiveCounts;
  readonly worker: LiveCounts;
}

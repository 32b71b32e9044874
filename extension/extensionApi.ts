// What other extensions get, and every type they need for it: the build makes dist/greenroom.d.ts of it.

import type { BatchError } from '../server/shared/rpc/batches.ts';
import type { GreenroomError, RemoteError } from '../server/shared/errors.ts';
import type { Snapshot } from '../server/shared/protocol/snapshot.ts';
import type { writable } from '../server/shared/rpc/remoteTypes.ts';
import type { byRef, byValue } from '../server/shared/rpc/values/policy.ts';
import type { ModuleSession } from './sessions/moduleSessionTypes.ts';
import type { OpenSessionOptions } from './sessions/openSessionOptions.ts';

export type { Confinement } from '../server/shared/protocol/confinement.ts';
export type { BatchOptions, CallOptions } from '../server/shared/rpc/callOptions.ts';
export type {
  Callback,
  HostObject,
  Passed,
  Received,
  Remote,
  RemoteClass,
  RemoteFunction,
  RemoteMember,
  RemoteResult,
  StandInFor,
  Writable,
} from '../server/shared/rpc/remoteTypes.ts';
export type { Passing, PassingDecision, TypeRule } from '../server/shared/rpc/values/policy.ts';
export type { LiveReferences } from './sessions/moduleSessionTypes.ts';
export type { ConfinementOptions } from './sessions/openSessionOptions.ts';
export type {
  BatchError,
  GreenroomError,
  ModuleSession,
  OpenSessionOptions,
  RemoteError,
  Snapshot,
};

/** What `extensions.getExtension('greenroom.greenroom').exports` offers to other extensions. */
export interface GreenroomApi {
  /**
   * Throws `session.conflict`, `session.launch`, `session.unconfined`, `session.unavailable`,
   * `session.moduleInHost`, `session.lost`, `tool.load`, `pool.closed` or `call.cancelled`.
   */
  readonly openSession: (options: OpenSessionOptions) => Promise<ModuleSession>;
  /** Sessions, latencies and recent calls as the panel shows them. */
  snapshot(): Promise<Snapshot>;
  /** Starts the sessions of every folder and open document; resolves with how many are warm. */
  prewarm(): Promise<number>;
  readonly byRef: typeof byRef;
  readonly byValue: typeof byValue;
  readonly writable: typeof writable;
  /** For `instanceof`, as the next two. */
  readonly GreenroomError: typeof GreenroomError;
  readonly RemoteError: typeof RemoteError;
  readonly BatchError: typeof BatchError;
}

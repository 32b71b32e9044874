import type { Snapshot } from '../server/shared/protocol/snapshot.ts';
import type { Greenroom } from './sessions/openGreenroom.ts';

export { BatchError } from '../server/shared/rpc/batches.ts';
export { GreenroomError, RemoteError } from '../server/shared/errors.ts';
export { byRef, byValue } from '../server/shared/rpc/values/policy.ts';
export { openGreenroom } from './sessions/openGreenroom.ts';
export type { CallOptions, BatchOptions } from '../server/shared/rpc/callOptions.ts';
export type { Passing, PassingDecision, TypeRule } from '../server/shared/rpc/values/policy.ts';
export type { ModuleSession, Remote, RemoteResult } from './sessions/moduleSession.ts';
export type { Greenroom, GreenroomOptions } from './sessions/openGreenroom.ts';
export type { ConfinementOptions, OpenSessionOptions } from './sessions/openSessionOptions.ts';
export type { Confinement } from '../server/shared/protocol/confinement.ts';

/** What `extensions.getExtension('greenroom.greenroom').exports` offers to other extensions. */
export interface GreenroomApi extends Pick<Greenroom, 'openSession'> {
  /** Sessions, latencies and recent calls as the panel shows them. */
  snapshot(): Promise<Snapshot>;
  /** Starts the sessions of every folder and open document; resolves with how many are warm. */
  prewarm(): Promise<number>;
}

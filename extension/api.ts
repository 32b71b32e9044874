export { BatchError } from '../server/shared/rpc/batches.ts';
export { GreenroomError, RemoteError } from '../server/shared/errors.ts';
export { createLog, type Log } from './log/log.ts';
export { writable } from '../server/shared/rpc/remoteTypes.ts';
export { byRef, byValue } from '../server/shared/rpc/values/policy.ts';
export { openGreenroom } from './sessions/openGreenroom.ts';
export type * from './extensionApi.ts';
export type { Greenroom, GreenroomOptions } from './sessions/openGreenroom.ts';

import { GreenroomError } from '../../server/shared/errors.ts';
import type { Environment } from '../confinement/environment.ts';
import type { PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import type { ShareKey } from './shareKey.ts';

/** Everything that decides what kind of process a session gets. */
export interface LaunchSpec {
  /** Program that runs the worker: the host's own, as plain Node, or the user's Node. */
  readonly executable: string;
  /** The worker's bundle. */
  readonly workerPath: string;
  readonly cwd: string;
  readonly environment: Environment;
  /** Resident memory beyond which the session is ended, in MiB. */
  readonly memoryLimitMb: number;
  /** What holds for objects that cross, beyond their nature. */
  readonly passing?: PassingPolicy;
  /** How long a session without leases stays warm. */
  readonly keepaliveMs: number;
}

/** Throws `session.conflict`, naming what is there and what was asked for. */
export function assertSameLaunch(key: ShareKey, running: LaunchSpec, asked: LaunchSpec): void {
  const fields = Object.keys({ ...running, ...asked }) as (keyof LaunchSpec)[];
  const differences = fields
    .filter(field => JSON.stringify(running[field]) !== JSON.stringify(asked[field]))
    .map(field => `${field} is ${describe(running[field])}, asked for ${describe(asked[field])}`);
  if (differences.length === 0) return;
  throw new GreenroomError(
    'session.conflict',
    `a session with the share key ${key} runs with other options: ${differences.join('; ')}`,
  );
}

function describe(value: LaunchSpec[keyof LaunchSpec]): string {
  // Values of variables may be private; which ones are set is enough to find the difference.
  return typeof value === 'object' ? `[${Object.keys(value).join(', ')}]` : String(value);
}

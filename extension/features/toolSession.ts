import path from 'node:path';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { Settings } from '../config/settings.ts';
import type { LaunchSpec } from '../sessions/launchSpec.ts';
import type { SessionRequest } from '../sessions/pool/sessionPool.ts';
import { shareKeyFor } from '../sessions/shareKey.ts';

/** What a session's process needs of the machine, whatever runs in it. */
export type LaunchBase = Pick<LaunchSpec, 'executable' | 'workerPath' | 'environment'>;

/** A session for one tool: one per package, per folder it works for, and per degree of trust. */
export function toolSession(
  tool: ToolSpec,
  version: string,
  settings: Settings,
  base: LaunchBase,
): SessionRequest {
  const { name, directory, root, trusted } = tool;
  return {
    key: shareKeyFor({ tool: name, directory, version, root, trusted }),
    label: path.basename(root) || root,
    launch: {
      ...base,
      executable: settings.nodePath === '' ? base.executable : settings.nodePath,
      cwd: root,
      memoryLimitMb: settings.memoryLimitMb,
      keepaliveMs: settings.keepaliveMs,
    },
    tools: [tool],
    isOneShot: !settings.sessionsEnabled,
  };
}

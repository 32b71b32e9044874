import path from 'node:path';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { Settings } from '../../config/settings.ts';
import type { LaunchSpec } from '../../sessions/launchSpec.ts';
import type { SessionRequest } from '../../sessions/pool/sessionPool.ts';
import { shareKeyFor } from '../../sessions/shareKey.ts';
import type { PrettierLocation } from './locatePrettier.ts';

/** What a session's process needs of the machine, whatever runs in it. */
export type LaunchBase = Pick<LaunchSpec, 'executable' | 'workerPath' | 'environment'>;

/** The session that runs this Prettier: one per folder it works for, and per degree of trust. */
export function prettierSession(
  location: PrettierLocation,
  settings: Settings,
  trusted: boolean,
  base: LaunchBase,
): { readonly request: SessionRequest; readonly tool: ToolSpec } {
  const { directory, version, origin, root, ignoreRoots } = location;
  const tool: ToolSpec = {
    name: 'prettier',
    directory,
    origin,
    root,
    ignoreRoots: [...ignoreRoots],
    trusted,
  };
  const request: SessionRequest = {
    key: shareKeyFor({ tool: 'prettier', directory, version, root, trusted }),
    label: path.basename(root) || root,
    launch: {
      ...base,
      executable: settings.nodePath === '' ? base.executable : settings.nodePath,
      cwd: root,
      memoryLimitMb: settings.memoryLimitMb,
      keepaliveMs: settings.keepaliveMs,
    },
    tools: [tool],
    replicas: { min: 1, max: settings.maxReplicas },
    isOneShot: !settings.sessionsEnabled,
  };
  return { request, tool };
}

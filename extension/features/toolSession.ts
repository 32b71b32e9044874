import path from 'node:path';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { Settings } from '../config/settings.ts';
import type { LaunchSpec } from '../sessions/launchSpec.ts';
import type { SessionRequest } from '../sessions/pool/sessionPool.ts';
import { familyOf, shareKeyFor } from '../sessions/shareKey.ts';
import { toolConfinement } from './toolConfinement.ts';

/** What a session's process needs of the machine, whatever runs in it. */
export type LaunchBase = Pick<LaunchSpec, 'executable' | 'workerPath' | 'environment'>;

/** What the user's settings say of every session, whatever runs in it. */
export function sessionSettings(
  root: string,
  tools: readonly ToolSpec[],
  settings: Settings,
  names?: readonly string[],
) {
  const { memoryLimitMb, keepaliveMs, minReplicas, maxReplicas, sessionsEnabled } = settings;
  const confinement = toolConfinement(tools, root, settings, names);
  return {
    label: path.basename(root) || root,
    launch: { cwd: root, memoryLimitMb, keepaliveMs, ...(confinement && { confinement }) },
    replicas: { min: minReplicas, max: Math.max(minReplicas, maxReplicas) },
    isOneShot: !sessionsEnabled,
  };
}

/** A session for one tool: one per package, per folder it works for, and per degree of trust. */
export function toolSession(
  tool: ToolSpec,
  version: string,
  settings: Settings,
  base: LaunchBase,
): SessionRequest {
  const { name, directory, root, trusted } = tool;
  const common = sessionSettings(root, [tool], settings);
  const identity = { tool: name, directory, version, root, trusted };
  const isOwnNode = settings.nodePath === '' || !trusted;
  const executable = isOwnNode ? base.executable : settings.nodePath;
  return {
    ...common,
    key: shareKeyFor(identity),
    family: familyOf(identity),
    launch: { ...base, ...common.launch, executable },
    tools: [tool],
  };
}

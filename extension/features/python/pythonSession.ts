import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { Settings } from '../../config/settings.ts';
import type { LaunchSpec } from '../../sessions/launchSpec.ts';
import type { SessionRequest } from '../../sessions/pool/sessionPool.ts';
import type { PythonInstallation } from '../../python/installedPackages.ts';
import { familyOf, shareKeyFor } from '../../sessions/shareKey.ts';
import { sessionSettings } from '../toolSession.ts';

/** What a Python session's process needs of the machine, whatever runs in it. */
export type PythonLaunchBase = Pick<LaunchSpec, 'workerPath' | 'environment'>;

/** What a session of each kind may come to run. */
const toolsFor = {
  format: ['autopep8', 'black', 'isort'],
  lint: ['flake8', 'pylint'],
  types: ['mypy'],
} as const;

/**
 * The session in which Python tools work for a folder. Those that format have one of their own, so that
 * nobody waits with a save for a type checker; `purpose` tells them apart.
 */
export function pythonSession(
  purpose: keyof typeof toolsFor,
  names: readonly string[],
  { interpreter, packages }: PythonInstallation,
  root: string,
  settings: Settings,
  base: PythonLaunchBase,
): SessionRequest {
  const tools: ToolSpec[] = names.map(name => ({
    name,
    directory: interpreter,
    origin: 'project',
    root,
    ignoreRoots: [root],
    trusted: true,
  }));
  const identity = {
    tool: `python-${purpose}`,
    directory: interpreter,
    version: packages,
    root,
    trusted: true,
  };
  const common = sessionSettings(root, tools, settings, toolsFor[purpose]);
  return {
    ...common,
    key: shareKeyFor(identity),
    family: familyOf({ ...identity, directory: '' }), // one interpreter after the other
    launch: { ...base, ...common.launch, runtime: 'python', executable: interpreter },
    tools,
  };
}

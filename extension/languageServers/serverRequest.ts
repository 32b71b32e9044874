import path from 'node:path';
import { forbidden } from '../../server/shared/protocol/confinement.ts';
import type { Settings } from '../config/settings.ts';
import type { ConfinementWish } from '../confinement/confinementPlan.ts';
import type { LaunchSpec, ServerProgram } from '../sessions/launchSpec.ts';
import type { SessionRequest } from '../sessions/pool/sessionRequest.ts';
import { familyOf, shareKeyFor } from '../sessions/shareKey.ts';
import type { FoundServer } from './foundServer.ts';
import type { ServerEntry } from './serverEntry.ts';

/** What a server's process needs of the machine, whichever server it is. */
export type ServerLaunchBase = Pick<LaunchSpec, 'executable' | 'workerPath' | 'environment'>;

/** The session of a server that works for these folders; the first is the one that it starts in. */
export function serverRequest(
  entry: ServerEntry,
  found: FoundServer,
  folders: readonly [string, ...string[]],
  settings: Settings,
  base: ServerLaunchBase,
): SessionRequest {
  const [cwd] = folders;
  const { memoryLimitMb, keepaliveMs, nodePath } = settings;
  const confinement = serverConfinement(entry, found, folders, settings);
  const identity = {
    tool: `server ${entry.name}`,
    directory: found.directory,
    version: found.version ?? '',
    root: [...folders].join(path.delimiter),
    trusted: true,
  };
  return {
    key: shareKeyFor(identity),
    family: familyOf({ ...identity, directory: '' }),
    label: path.basename(cwd) || cwd,
    launch: {
      ...base,
      executable: nodePath === '' ? base.executable : nodePath,
      cwd,
      memoryLimitMb,
      keepaliveMs,
      server: programOf(entry, found),
      ...(confinement && { confinement }),
    },
    tools: [],
  };
}

function programOf({ name }: ServerEntry, { launch, origin, version }: FoundServer): ServerProgram {
  const common = {
    name,
    origin: origin === 'project' || origin === 'environment' ? 'project' : 'machine',
    ...(version !== undefined && { version }),
  } as const;
  const { args } = launch;
  switch (launch.kind) {
    case 'node':
      return { ...common, runtime: 'node', args: [launch.module, ...args] };
    case 'python':
      return { ...common, runtime: 'python', program: launch.interpreter, args };
    case 'program':
      return { ...common, runtime: 'other', program: launch.program, args };
  }
}

function serverConfinement(
  { name, childProcesses, readyMade }: ServerEntry,
  { directory }: FoundServer,
  [workspace, ...others]: readonly [string, ...string[]],
  { confinement, readableFolders, childProcesses: allowed }: Settings,
): ConfinementWish | undefined {
  if (confinement === 'off') return undefined;
  return {
    demands: confinement === 'required' ? forbidden : [],
    workspace,
    readable: [directory, ...others, ...readableFolders],
    needsChildren: childProcesses || allowed.includes(name),
    needsScratch: readyMade?.needs.scratch ?? true,
  };
}

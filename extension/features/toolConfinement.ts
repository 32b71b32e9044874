import { forbidden, type Forbidden } from '../../server/shared/protocol/confinement.ts';
import { toolNeeds } from '../../server/shared/protocol/toolNeeds.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { Settings } from '../config/settings.ts';
import type { ConfinementWish } from '../confinement/confinementPlan.ts';

type ConfinementSettings = Pick<Settings, 'confinement' | 'readableFolders' | 'childProcesses'>;

/** Where no mechanism denies the network, bundled tools that load no code have no use for it. */
const restrictedDemands: readonly Forbidden[] = ['read', 'write', 'spawn'];

/**
 * In Restricted Mode nothing runs without, whatever the settings say. `names` are all tools that the
 * session may come to run, so that it stays the same when there is one more.
 */
export function toolConfinement(
  tools: readonly ToolSpec[],
  workspace: string,
  { confinement, readableFolders, childProcesses }: ConfinementSettings,
  names: readonly string[] = tools.map(({ name }) => name),
): ConfinementWish | undefined {
  const isTrusted = tools.every(({ trusted }) => trusted);
  if (confinement === 'off' && isTrusted) return undefined;
  const demands = confinement === 'required' ? forbidden : isTrusted ? [] : restrictedDemands;
  return {
    demands,
    workspace,
    readable: [...tools.map(({ directory }) => directory), ...readableFolders],
    needsScratch: names.some(name => toolNeeds[name]?.scratch === true),
    needsChildren: names.some(
      name => toolNeeds[name]?.children === true || childProcesses.includes(name),
    ),
  };
}

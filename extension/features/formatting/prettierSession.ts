import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { Settings } from '../../config/settings.ts';
import type { SessionRequest } from '../../sessions/pool/sessionPool.ts';
import { toolSession, type LaunchBase } from '../toolSession.ts';
import type { PrettierLocation } from './locatePrettier.ts';

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
  return { request: toolSession(tool, version, settings, base), tool };
}

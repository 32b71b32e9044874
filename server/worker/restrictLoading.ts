import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GreenroomError } from '../shared/errors.ts';

/**
 * From now on this process loads modules of `directory` and of Node only, however they are asked for:
 * a configuration that is code, a plugin, the name of a package, a data URL. Cannot be undone.
 * Throws `tool.load` where Node has no such hooks (before 22.15).
 */
export function restrictLoading(directory: string): void {
  if (typeof module.registerHooks !== 'function') {
    throw new GreenroomError('tool.load', 'Restricted Mode needs Node 22.15 or later');
  }
  const allowed = pathToFileURL(directory + path.sep).href;
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (resolved.url.startsWith('node:') || resolved.url.startsWith(allowed)) return resolved;
      throw new GreenroomError('tool.restricted', `Restricted Mode does not load ${resolved.url}`);
    },
  });
}

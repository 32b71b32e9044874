import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GreenroomError } from '../shared/errors.ts';
import { messageOf } from '../shared/toldErrors.ts';
import type { ToolPowers } from '../tools/contract.ts';
import { restrictLoading } from './restrictLoading.ts';
import { explainUnseenLink } from './unseenLinks.ts';

/** The powers of this worker. Whatever confines the process confines them. */
export const workerPowers: ToolPowers = {
  async loadPackage(directory, entry) {
    try {
      const file = entryFile(directory, entry);
      const namespace = (await import(pathToFileURL(file).href)) as { default?: unknown };
      return namespace.default ?? namespace;
    } catch (cause) {
      throw new GreenroomError('tool.load', `could not load ${directory}: ${messageOf(cause)}`, {
        cause,
      });
    }
  },
  restrictLoading,
  explain: explainUnseenLink,
};

/** By the package's own name where it is another entry: that is how its exports are found. */
function entryFile(directory: string, entry: string | undefined): string {
  const require = createRequire(path.join(directory, 'package.json'));
  if (entry === undefined) return require.resolve(directory);
  if (entry.startsWith('./')) return require.resolve(entry);
  const { name } = require('./package.json') as { name: string };
  return require.resolve(`${name}/${entry}`);
}

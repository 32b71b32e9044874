import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GreenroomError, messageOf } from '../shared/errors.ts';
import type { ToolPowers } from '../tools/contract.ts';
import { restrictLoading } from './restrictLoading.ts';

/** The powers of this worker. Whatever confines the process confines them. */
export const workerPowers: ToolPowers = {
  async loadPackage(directory) {
    try {
      const entry = createRequire(path.join(directory, 'package.json')).resolve(directory);
      const namespace = (await import(pathToFileURL(entry).href)) as { default?: unknown };
      return namespace.default ?? namespace;
    } catch (cause) {
      throw new GreenroomError('tool.load', `could not load ${directory}: ${messageOf(cause)}`, {
        cause,
      });
    }
  },
  restrictLoading,
};

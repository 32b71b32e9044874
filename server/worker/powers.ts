import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GreenroomError, messageOf } from '../shared/errors.ts';
import type { ToolPowers } from '../tools/contract.ts';

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
  async readText(file) {
    try {
      return await fs.readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
};

import fs from 'node:fs/promises';
import path from 'node:path';
import { GreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import { isWithin } from '../../server/node/isWithin.ts';

/** A tool as it is installed. */
export interface ToolPackage {
  /** Real path of the package. */
  readonly directory: string;
  readonly version: string;
}

/** The nearest installed package of this name, from a folder upward, and the folder it is installed in. */
export async function findPackage(
  name: string,
  from: string,
): Promise<{ readonly directory: string; readonly owner: string } | undefined> {
  for (let owner = from; ; owner = path.dirname(owner)) {
    const directory = path.join(owner, 'node_modules', name);
    if (await exists(path.join(directory, 'package.json'))) return { directory, owner };
    if (owner === path.dirname(owner)) return undefined;
  }
}

/** Reads the manifest of a package that must have this name. Throws `tool.notFound`. */
export async function readPackage(
  name: string,
  title: string,
  directory: string,
): Promise<ToolPackage> {
  try {
    // Two links to one package share a session; its own imports start at the real place.
    const realDirectory = await fs.realpath(directory);
    const manifest = await fs.readFile(path.join(realDirectory, 'package.json'), 'utf8');
    const { name: told, version } = JSON.parse(manifest) as { name?: unknown; version?: unknown };
    if (typeof version !== 'string') throw new Error('its package.json has no version');
    if (told !== name) throw new Error(`its package.json names it ${JSON.stringify(told)}`);
    return { directory: realDirectory, version };
  } catch (cause) {
    throw new GreenroomError(
      'tool.notFound',
      `there is no usable ${title} in ${directory}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** A package inside the workspace folder works where it was installed; one above it, for the folder. */
export function workingRoot(owner: string, folder: string | undefined): string {
  if (folder === undefined) return owner;
  return isWithin(owner, folder) ? owner : folder;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await fs.access(file);
    return true;
  } catch {
    return false; // that it is not there is the answer
  }
}

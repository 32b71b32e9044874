import fs from 'node:fs/promises';
import path from 'node:path';
import { GreenroomError, messageOf } from '../../../server/shared/errors.ts';
import type { PrettierSource } from '../../config/settings.ts';
import { isWithin } from './isWithin.ts';

/** A Prettier to run, and the folder it works for. All paths are absolute. */
export interface PrettierLocation {
  readonly directory: string;
  readonly version: string;
  readonly origin: 'project' | 'bundled';
  /** Where the process works, and relative plugins are found. */
  readonly root: string;
  /** Folders whose ignore files count. */
  readonly ignoreRoots: readonly string[];
}

export interface PrettierSearch {
  /** Where the search upward begins: the document's folder. */
  readonly from: string;
  /** The workspace folder that holds it, if any does. */
  readonly folder: string | undefined;
  /** A package the user named; relative to the folder. Empty: search. */
  readonly explicitPath: string;
  readonly source: PrettierSource;
  readonly bundledDirectory: string;
  readonly trusted: boolean;
}

/**
 * Finds the Prettier for a document by reading manifests; nothing of it is loaded. Undefined when the
 * project has none and the user wants no other. Without trust only the bundled one is considered.
 * Throws `tool.notFound` when the user named one that is not there.
 */
export async function locatePrettier(
  search: PrettierSearch,
): Promise<PrettierLocation | undefined> {
  const { from, folder, explicitPath, source, bundledDirectory, trusted } = search;
  if (trusted && explicitPath !== '') {
    const directory = path.resolve(folder ?? from, explicitPath);
    return describe(directory, 'project', folder ?? from, folder);
  }
  if (trusted && source !== 'bundledOnly') {
    const found = await findUpward(from);
    if (found) return describe(found.directory, 'project', deeper(found.owner, folder), folder);
  }
  if (source === 'projectOnly') return undefined;
  return describe(bundledDirectory, 'bundled', folder ?? from, folder);
}

async function findUpward(from: string): Promise<{ directory: string; owner: string } | undefined> {
  for (let owner = from; ; owner = path.dirname(owner)) {
    const directory = path.join(owner, 'node_modules', 'prettier');
    if (await exists(path.join(directory, 'package.json'))) return { directory, owner };
    if (owner === path.dirname(owner)) return undefined;
  }
}

async function describe(
  directory: string,
  origin: PrettierLocation['origin'],
  root: string,
  folder: string | undefined,
): Promise<PrettierLocation> {
  try {
    // Two links to one package share a session; its own imports start at the real place.
    const realDirectory = await fs.realpath(directory);
    const manifest = await fs.readFile(path.join(realDirectory, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(manifest) as { name?: unknown; version?: unknown };
    if (typeof version !== 'string') throw new Error('its package.json has no version');
    if (name !== 'prettier') throw new Error(`its package.json names it ${JSON.stringify(name)}`);
    const ignoreRoots = folder === undefined || folder === root ? [root] : [folder, root];
    return { directory: realDirectory, version, origin, root, ignoreRoots };
  } catch (cause) {
    throw new GreenroomError(
      'tool.notFound',
      `there is no usable Prettier in ${directory}: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/** A package inside the workspace folder works where it was installed; one above it, for the folder. */
function deeper(owner: string, folder: string | undefined): string {
  if (folder === undefined) return owner;
  return isWithin(owner, folder) ? owner : folder;
}

async function exists(file: string): Promise<boolean> {
  try {
    await fs.access(file);
    return true;
  } catch {
    return false; // that it is not there is the answer
  }
}

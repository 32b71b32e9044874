import path from 'node:path';
import type { PrettierSource } from '../../config/settings.ts';
import { findPackage, readPackage, workingRoot, type ToolPackage } from '../projectPackage.ts';

/** A Prettier to run, and the folder it works for. All paths are absolute. */
export interface PrettierLocation extends ToolPackage {
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
    const found = await findPackage('prettier', from);
    if (found)
      return describe(found.directory, 'project', workingRoot(found.owner, folder), folder);
  }
  if (source === 'projectOnly') return undefined;
  return describe(bundledDirectory, 'bundled', folder ?? from, folder);
}

async function describe(
  directory: string,
  origin: PrettierLocation['origin'],
  root: string,
  folder: string | undefined,
): Promise<PrettierLocation> {
  const installed = await readPackage('prettier', 'Prettier', directory);
  const ignoreRoots = folder === undefined || folder === root ? [root] : [folder, root];
  return { ...installed, origin, root, ignoreRoots };
}

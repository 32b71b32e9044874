import path from 'node:path';
import { isWithin } from '../../../server/node/isWithin.ts';
import {
  exists,
  findPackage,
  readPackage,
  workingRoot,
  type ToolPackage,
} from '../projectPackage.ts';

/** An ESLint to run, and the folder it works in. All paths are absolute. */
export interface ESLintLocation extends ToolPackage {
  readonly root: string;
}

export interface ESLintSearch {
  /** The document's folder. */
  readonly from: string;
  /** The workspace folder that holds it. */
  readonly folder: string;
  /** A package the user named; relative to the folder. Empty: search. */
  readonly explicitPath: string;
  /** Folders that the user named for what lies below them; relative to the folder. */
  readonly workingDirectories: readonly string[];
}

const flatConfigurations = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map(
  extension => `eslint.config.${extension}`,
);

/**
 * Finds the ESLint for a document by reading manifests; nothing of it is loaded. Undefined when the
 * project has none. Throws `tool.notFound` when the user named one that is not there.
 */
export async function locateESLint(search: ESLintSearch): Promise<ESLintLocation | undefined> {
  const { from, folder, explicitPath } = search;
  const found =
    explicitPath === ''
      ? await findPackage('eslint', from)
      : { directory: path.resolve(folder, explicitPath), owner: folder };
  if (!found) return undefined;
  const installed = await readPackage('eslint', 'ESLint', found.directory);
  const startsAtFile = Number.parseInt(installed.version, 10) > 9;
  return { ...installed, root: await workingDirectory(search, found.owner, startsAtFile) };
}

/**
 * The user's choice; else where the nearest flat configuration is, which is from where a project runs
 * its ESLint; else where ESLint is installed. A version whose search for configuration starts at the
 * file may be run from further above, and is where suppressions are kept.
 */
async function workingDirectory(
  { from, folder, workingDirectories }: ESLintSearch,
  owner: string,
  startsAtFile: boolean,
): Promise<string> {
  const [chosen] = workingDirectories
    .map(directory => path.resolve(folder, directory))
    .filter(directory => isWithin(from, directory))
    .sort((a, b) => b.length - a.length);
  if (chosen !== undefined) return chosen;
  const suppressions = startsAtFile ? ['eslint-suppressions.json'] : [];
  return (
    (await nearestHolding(suppressions, from, folder)) ??
    (await nearestHolding(flatConfigurations, from, folder)) ??
    workingRoot(owner, folder)
  );
}

async function nearestHolding(
  names: readonly string[],
  from: string,
  folder: string,
): Promise<string | undefined> {
  for (let place = from; isWithin(place, folder); place = path.dirname(place)) {
    const found = await Promise.all(names.map(name => exists(path.join(place, name))));
    if (found.includes(true)) return place;
  }
  return undefined;
}

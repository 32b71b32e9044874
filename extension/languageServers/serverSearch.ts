import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';
import { projectRootOf } from '../confinement/projectRoot.ts';
import type { FoundServer, ServerPlaces } from './foundServer.ts';
import { foldersUpTo } from './findInProject.ts';
import { packageOf, packagePlace } from './nodePackage.ts';
import { siteFolders, versionOfDistribution } from '../python/sitePackages.ts';
import { launchOf } from './runnableFile.ts';

/** A search for one server, for one folder. */
export interface ServerSearch extends ServerPlaces {
  readonly folder: string;
  /** The real folder of the project that the folder is a part of. */
  readonly root: string;
  /** Where `node_modules` may be, the nearest first. */
  readonly folders: readonly string[];
  readonly args: readonly string[];
  /** What the server is called where Python packages are installed. */
  readonly distribution: string | undefined;
}

export async function createSearch(
  folder: string,
  places: ServerPlaces,
  args: readonly string[],
  distribution: string | undefined,
): Promise<ServerSearch> {
  const root = await projectRootOf(folder, places.home);
  const folders = foldersUpTo(folder, root);
  return { ...places, folder, root: await fs.realpath(root), folders, args, distribution };
}

/** The folder's Python; none where none is found. */
export async function interpreterFor(search: ServerSearch): Promise<string | undefined> {
  return search.interpreter().catch(() => undefined); // what else there is may do
}

/** The server that a file is; the file must be there. */
export async function serverOf(
  file: string,
  origin: FoundServer['origin'],
  search: ServerSearch,
): Promise<FoundServer> {
  const launch = await launchOf(file, search.args, search.searchPath);
  const real = await fs.realpath(file);
  if (launch.kind === 'node') return { launch, origin, ...(await ofPackage(real, search)) };
  const python = launch.kind === 'python' ? launch.interpreter : await besideOf(file, search);
  const version = python === undefined ? undefined : await installedVersion(python, search);
  return { launch, origin, directory: placeOf(real, path.dirname(real), search), version };
}

/** As `node` runs the file, whatever its first line says. */
export async function nodeServerOf(
  file: string,
  origin: FoundServer['origin'],
  search: ServerSearch,
): Promise<FoundServer> {
  const real = await fs.realpath(file);
  const launch = { kind: 'node', module: real, args: search.args } as const;
  return { launch, origin, ...(await ofPackage(real, search)) };
}

export async function installedVersion(
  interpreter: string,
  { distribution, home }: ServerSearch,
): Promise<string | undefined> {
  if (distribution === undefined) return undefined;
  return versionOfDistribution(distribution, await siteFolders(interpreter, home));
}

async function ofPackage(
  real: string,
  search: ServerSearch,
): Promise<Pick<FoundServer, 'directory' | 'version'>> {
  const found = await packageOf(real);
  const own = found?.directory ?? path.dirname(real);
  // What it imports may lie beside it; in the project, that is seen anyway.
  const folder = isWithin(real, search.root) ? own : (packagePlace(real) ?? own);
  return { directory: placeOf(real, folder, search), version: found?.version };
}

/** A file that lies in the home folder itself shows only itself. */
function placeOf(file: string, folder: string, { home }: ServerSearch): string {
  return isWithin(home, folder) ? file : folder;
}

/** The interpreter of the environment that a program was installed into. */
async function besideOf(file: string, search: ServerSearch): Promise<string | undefined> {
  if (search.distribution === undefined) return undefined;
  const interpreter = await interpreterFor(search);
  if (interpreter === undefined) return undefined;
  return path.dirname(interpreter) === path.dirname(file) ? interpreter : undefined;
}

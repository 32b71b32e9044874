import path from 'node:path';
import { behindShim } from '../confinement/behindShim.ts';
import { findProgram, isProgram } from '../confinement/findProgram.ts';
import { binOfPackage, linkedProgram } from './findInProject.ts';
import type { FoundServer } from './foundServer.ts';
import { interpreterFor, nodeServerOf, serverOf, type ServerSearch } from './serverSearch.ts';

/** A program that the project has installed, run by our own Node where it is JavaScript. */
export async function findInstalled(
  program: string,
  npmPackage: string | undefined,
  search: ServerSearch,
): Promise<FoundServer | undefined> {
  const file =
    npmPackage === undefined ? undefined : await binOfPackage(npmPackage, program, search.folders);
  if (file !== undefined) return nodeServerOf(file, 'project', search);
  const link = await linkedProgram(program, search.folders, search.root);
  return link === undefined ? undefined : serverOf(link, 'project', search);
}

/** A program beside the folder's interpreter. */
export async function findInEnvironment(
  program: string,
  search: ServerSearch,
): Promise<FoundServer | undefined> {
  const interpreter = await interpreterFor(search);
  if (interpreter === undefined) return undefined;
  const file = path.join(path.dirname(interpreter), program);
  return (await isProgram(file)) ? serverOf(file, 'environment', search) : undefined;
}

/** The first program of that name on the `PATH`. */
export async function findOnPath(
  program: string,
  search: ServerSearch,
): Promise<FoundServer | undefined> {
  const found = await findProgram(program, search.searchPath);
  if (!path.isAbsolute(found)) return undefined;
  return serverOf(await behindShim(found, search.folder, search.searchPath), 'path', search);
}

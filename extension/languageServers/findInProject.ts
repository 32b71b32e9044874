import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';
import { isProgram } from '../confinement/findProgram.ts';
import { packagePlace, readNodePackage } from './nodePackage.ts';

/** The folders in which a project's packages may be installed: from a folder up to the project's root. */
export function foldersUpTo(folder: string, root: string): readonly string[] {
  const folders = [folder];
  for (let place = folder; place !== root && isWithin(place, root);) {
    place = path.dirname(place);
    folders.push(place);
  }
  return folders;
}

/** The file of a program that a package brings, by its manifest: no link of `.bin` need be there. */
export async function binOfPackage(
  npmPackage: string,
  program: string,
  folders: readonly string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    const found = await readNodePackage(path.join(folder, 'node_modules', npmPackage));
    // The name is compared since a project's link could lead to anything.
    const bin = found?.name === npmPackage ? found.bin[program] : undefined;
    if (bin === undefined) continue;
    const file = await realFile(path.join(found!.directory, bin));
    if (file !== undefined && isWithin(file, found!.directory)) return file;
  }
  return undefined;
}

/** A program in `node_modules/.bin`; one that is a link to outside must lead to an installed package. */
export async function linkedProgram(
  program: string,
  folders: readonly string[],
  root: string,
): Promise<string | undefined> {
  for (const folder of folders) {
    const link = path.join(folder, 'node_modules', '.bin', program);
    const real = await realFile(link);
    if (real === undefined || !(await isProgram(link))) continue;
    if (isWithin(real, root) || packagePlace(real) !== undefined) return link;
  }
  return undefined;
}

export async function realFile(file: string): Promise<string | undefined> {
  try {
    const real = await fs.realpath(file);
    return (await fs.stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined; // that it is not there is the answer
  }
}

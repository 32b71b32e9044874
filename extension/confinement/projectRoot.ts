import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';

/**
 * The project that a folder is a part of: configuration and packages further up count for it. The
 * repository's root, else the highest folder with a `package.json`, else the folder itself; never a home
 * folder, nor one that holds it. Installed packages alone make no project: they may lie above many.
 */
export async function projectRootOf(folder: string, home: string): Promise<string> {
  let found = folder;
  for (let place = folder; !isWithin(home, place); place = path.dirname(place)) {
    if (await isThere(path.join(place, '.git'))) return place;
    if (await isThere(path.join(place, 'package.json'))) found = place;
    if (place === path.dirname(place)) break;
  }
  return found;
}

/**
 * The folders above a project that may have installed packages, as far as its home folder: Node looks there
 * too. None for a repository, which has its own.
 */
export async function foldersAboveProject(root: string, home: string): Promise<readonly string[]> {
  if (await isThere(path.join(root, '.git'))) return [];
  const above: string[] = [];
  for (let place = root; place !== path.dirname(place);) {
    place = path.dirname(place);
    if (isWithin(home, place)) break;
    above.push(place);
  }
  return above;
}

function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

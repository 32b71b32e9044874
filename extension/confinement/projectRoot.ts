import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';

/**
 * The project that a folder is a part of: configuration and packages further up count for it. The
 * repository's root, else the highest folder with a `package.json` or installed packages, else the
 * folder itself; never a home folder, nor one that holds it.
 */
export async function projectRootOf(folder: string, home: string): Promise<string> {
  let found = folder;
  for (let place = folder; !isWithin(home, place); place = path.dirname(place)) {
    if (await hasAny(place, ['.git'])) return place;
    if (await hasAny(place, ['package.json', 'node_modules'])) found = place;
    if (place === path.dirname(place)) break;
  }
  return found;
}

async function hasAny(folder: string, names: readonly string[]): Promise<boolean> {
  const found = names.map(name => fs.access(path.join(folder, name)));
  return Promise.any(found).then(
    () => true,
    () => false,
  );
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';

/**
 * Where packages of a project live that are links to a store outside. A repository may hold links to
 * anything, so only places count that have the form of a store: a package in a `node_modules` folder,
 * under the link's own name.
 */
export async function linkedPackages(project: string): Promise<readonly string[]> {
  const home = path.join(project, 'node_modules');
  const names = await namesIn(home);
  const places = await Promise.all(
    names.map(name => storeOf(path.join(home, name), name, project)),
  );
  return [...new Set(places.filter(place => place !== undefined))];
}

async function namesIn(modules: string): Promise<readonly string[]> {
  const entries = await fs.readdir(modules).catch(() => []);
  const lists = entries.map(async entry =>
    entry.startsWith('@')
      ? (await fs.readdir(path.join(modules, entry)).catch(() => [])).map(
          name => `${entry}/${name}`,
        )
      : [entry],
  );
  return (await Promise.all(lists)).flat();
}

/** pnpm's global store: every package beside links to those that it needs. */
const globalStore =
  /^(.*[\\/]links)[\\/](?:@[^\\/]*[\\/])?[^\\/]+[\\/][^\\/]+[\\/][^\\/]+[\\/]node_modules[\\/]/u;

async function storeOf(link: string, name: string, project: string): Promise<string | undefined> {
  const real = await fs.realpath(link).catch(() => undefined);
  if (real === undefined || isWithin(real, project)) return undefined;
  const ending = path.join('node_modules', name);
  if (!real.endsWith(path.sep + ending)) return undefined;
  return globalStore.exec(real)?.[1] ?? real.slice(0, -(name.length + 1));
}

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
  const names = await linksIn(home);
  const places = await Promise.all(
    names.map(name => storeOf(path.join(home, name), name, project)),
  );
  return [...new Set(places.filter(place => place !== undefined))];
}

/** Names of packages, with their scopes, that are links or in a scope that is one. */
async function linksIn(modules: string): Promise<readonly string[]> {
  const entries = await fs.readdir(modules, { withFileTypes: true }).catch(() => []);
  const scopes = entries.filter(({ name }) => name.startsWith('@'));
  const inScopes = scopes.map(async scope => {
    const packages = await fs
      .readdir(path.join(modules, scope.name), { withFileTypes: true })
      .catch(() => []);
    return packages
      .filter(entry => entry.isSymbolicLink() || scope.isSymbolicLink())
      .map(({ name }) => `${scope.name}/${name}`);
  });
  const plain = entries.filter(entry => entry.isSymbolicLink() && !entry.name.startsWith('@'));
  return [...plain.map(({ name }) => name), ...(await Promise.all(inScopes)).flat()];
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

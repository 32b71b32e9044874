import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import { siteFolders } from './sitePackages.ts';

/** An interpreter, and what is installed for it. */
export interface PythonInstallation {
  readonly interpreter: string;
  /** Another text as soon as a package is added, updated or taken away. */
  readonly packages: string;
}

/** Reads the names of folders only: those of packages have the versions in them. */
export async function findInstalled(interpreter: string): Promise<PythonInstallation> {
  const hash = createHash('sha256');
  for (const site of await siteFolders(interpreter, os.homedir())) {
    const names = await fs.readdir(site).catch(() => []);
    hash.update([site, ...names.filter(tellsOfPackage).sort(), ''].join('\0'));
  }
  return { interpreter, packages: hash.digest('base64url').slice(0, 16) };
}

/** Not every name: Python itself adds some when it first imports what lies there. */
function tellsOfPackage(name: string): boolean {
  return /\.(?:dist-info|egg-info|egg-link|pth)$/u.test(name);
}

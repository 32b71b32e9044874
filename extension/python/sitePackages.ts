import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * The folders in which an interpreter's packages are installed: its environment's, or the
 * installation's and the user's. Nothing is run to find that out.
 */
export async function siteFolders(interpreter: string, home: string): Promise<readonly string[]> {
  const real = await fs.realpath(interpreter).catch(() => interpreter);
  const version = /^(?:python|pypy)(3\.\d+)/u.exec(path.basename(real))?.[1];
  const environment = path.dirname(path.dirname(interpreter));
  const settings = await fs
    .readFile(path.join(environment, 'pyvenv.cfg'), 'utf8')
    .catch(() => undefined);
  const installation = path.dirname(path.dirname(real));
  const shared = [installation, '/usr/local', path.join(home, '.local')];
  const isAlone =
    settings !== undefined && !/^\s*include-system-site-packages\s*=\s*true\s*$/imu.test(settings);
  const bases = isAlone ? [environment] : [environment, ...shared];
  const found = await Promise.all([...new Set(bases)].map(base => sitesIn(base, version)));
  return [...new Set(found.flat())];
}

async function sitesIn(base: string, version: string | undefined): Promise<readonly string[]> {
  const candidates = [path.join(base, 'Lib', 'site-packages')]; // on Windows
  for (const library of ['lib', 'lib64']) {
    for (const name of await namesIn(path.join(base, library))) {
      const told = /^(?:python|pypy)(3(?:\.\d+)?)$/u.exec(name)?.[1];
      if (told === undefined || (told !== '3' && told !== (version ?? told))) continue;
      for (const packages of ['site-packages', 'dist-packages']) {
        candidates.push(path.join(base, library, name, packages));
      }
    }
  }
  const real = candidates.map(folder => fs.realpath(folder).catch(() => undefined));
  return (await Promise.all(real)).filter(folder => folder !== undefined);
}

/** The folder in which a module is installed. */
export async function folderOfModule(
  module: string,
  sites: readonly string[],
): Promise<string | undefined> {
  const [top] = module.split('.');
  for (const site of sites) {
    const names = await namesIn(site);
    if (names.some(name => name === top || name === `${top}.py`)) return site;
  }
  return undefined;
}

/** Whether modules may be found that lie elsewhere: a project that is installed as it is developed. */
export async function hasLinkedModules(sites: readonly string[]): Promise<boolean> {
  const names = (await Promise.all(sites.map(namesIn))).flat();
  return names.some(name => /^__editable__|\.egg-link$/u.test(name));
}

/** The version that is installed, by the name of the folder that tells about it. */
export async function versionOfDistribution(
  distribution: string,
  sites: readonly string[],
): Promise<string | undefined> {
  for (const site of sites) {
    for (const name of await namesIn(site)) {
      const told = /^(.+?)-([^-]+)\.dist-info$/u.exec(name);
      if (told && plain(told[1]!) === plain(distribution)) return told[2];
    }
  }
  return undefined;
}

const plain = (name: string) => name.replace(/[-_.]+/gu, '-').toLowerCase();

const namesIn = (folder: string) => fs.readdir(folder).catch((): string[] => []);

import fs from 'node:fs/promises';
import path from 'node:path';

/** An npm package as it is installed. */
export interface NodePackage {
  /** Its real folder. */
  readonly directory: string;
  readonly name: string;
  readonly version: string | undefined;
  /** Files by the name of the program that each is; relative to the folder. */
  readonly bin: Readonly<Record<string, string>>;
}

/** Reads a package's manifest. Undefined where none is that has a name. */
export async function readNodePackage(directory: string): Promise<NodePackage | undefined> {
  try {
    const real = await fs.realpath(directory);
    const text = await fs.readFile(path.join(real, 'package.json'), 'utf8');
    const { name, version, bin } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string') return undefined;
    const told = typeof version === 'string' ? version : undefined;
    return { directory: real, name, version: told, bin: binOf(name, bin) };
  } catch {
    return undefined; // that there is none is the answer
  }
}

/** The package that a file is a part of. */
export async function packageOf(file: string): Promise<NodePackage | undefined> {
  for (let place = path.dirname(file); ; place = path.dirname(place)) {
    const found = await readNodePackage(place);
    if (found) return found;
    if (path.basename(place) === 'node_modules' || place === path.dirname(place)) return undefined;
  }
}

/**
 * What a package needs to be seen: its folder, or, where it lies in a `node_modules`, all that was
 * installed with it, since what it imports is beside it.
 */
export function packagePlace(file: string): string | undefined {
  return /^.*?[\\/]node_modules(?=[\\/])/u.exec(file)?.[0];
}

/** A single program bears the package's name, without its scope. */
function binOf(name: string, bin: unknown): Readonly<Record<string, string>> {
  if (typeof bin === 'string') return { [name.replace(/^@[^/]*\//u, '')]: bin };
  if (typeof bin !== 'object' || bin === null) return {};
  return Object.fromEntries(Object.entries(bin).filter(([, file]) => typeof file === 'string'));
}

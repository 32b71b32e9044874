import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';
import { findProgram, isProgram } from './findProgram.ts';

/**
 * The Python that one of pyenv's shims starts for a folder; every other program is itself. Found in the
 * files that pyenv reads: a shim starts programs to find it, which a confined session cannot. The shim
 * itself when the files name nothing that is installed, so that it says so.
 */
export async function behindShim(
  program: string,
  folder: string,
  searchPath = '',
): Promise<string> {
  const shims = path.dirname(program);
  const root = path.dirname(shims);
  const name = path.basename(program);
  const installed = await namesIn(path.join(root, 'versions'));
  if (path.basename(shims) !== 'shims' || installed.length === 0) return program;
  const others = searchPath.split(path.delimiter).filter(place => path.resolve(place) !== shims);
  for (const wanted of await wantedVersions(folder, root)) {
    const found =
      wanted === 'system'
        ? await findProgram(name, others.join(path.delimiter))
        : await inVersion(path.join(root, 'versions'), installed, wanted, name);
    if (found !== undefined && path.isAbsolute(found)) return found;
  }
  return program;
}

/** What the nearest file names that names something, from the folder upward; else what holds for all folders. */
async function wantedVersions(folder: string, root: string): Promise<readonly string[]> {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const named = await firstWords(path.join(place, '.python-version'));
    if (named.length > 0) return named;
    if (place === path.dirname(place)) break;
  }
  const named = await firstWords(path.join(root, 'version'));
  return named.length > 0 ? named : ['system'];
}

async function firstWords(file: string): Promise<readonly string[]> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  const words = text.split('\n').map(line => line.trim().split(/\s/u)[0]!);
  return words.filter(word => word !== '' && !word.startsWith('#'));
}

/** A version may be named in full, with `python-` before it, or by its first numbers: the latest then. */
async function inVersion(
  versions: string,
  installed: readonly string[],
  wanted: string,
  name: string,
): Promise<string | undefined> {
  const plain = wanted.replace(/^python-/u, '');
  const latest = installed
    .filter(version => version.startsWith(`${plain}.`) && /^[\d.]+$/u.test(version))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
  for (const version of [wanted, plain, latest]) {
    if (version === undefined) continue;
    const program = path.join(versions, version, 'bin', name);
    // A project's file could name a place of its own.
    if (isWithin(program, versions) && (await isProgram(program))) return program;
  }
  return undefined;
}

const namesIn = (folder: string) => fs.readdir(folder).catch((): string[] => []);

import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * What a program needs to run, beside the system's own folders: its folder, for the libraries and data
 * beside it, and for a Python its environment and the installation that this was made of. Nothing is run
 * to find that out: an interpreter in a project is the project's code.
 */
export async function programPlaces(
  program: string,
  runtime: 'node' | 'python',
): Promise<string[]> {
  const real = await fs.realpath(program);
  if (runtime === 'node') return [applicationBundle.exec(real)?.[0] ?? path.dirname(real)];
  const environment = path.dirname(path.dirname(program));
  const settings = path.join(environment, 'pyvenv.cfg');
  const text = await fs.readFile(settings, 'utf8').catch(() => undefined);
  const base = path.dirname(path.dirname(real));
  if (text === undefined) return [base];
  const home = /^\s*home\s*=\s*(.+?)\s*$/mu.exec(text)?.[1];
  const hasPython = home !== undefined && (await isAnyThere(home, [program, real, 'python3']));
  return [environment, base, ...(hasPython ? [path.dirname(home)] : [])];
}

/** A project's file could name any folder. */
async function isAnyThere(folder: string, programs: readonly string[]): Promise<boolean> {
  const tries = programs.map(program => fs.access(path.join(folder, path.basename(program))));
  return Promise.any(tries).then(
    () => true,
    () => false,
  );
}

/** On macOS, an editor's own Node needs the frameworks of its application. */
const applicationBundle = /^.*?\.app(?=\/)/u;

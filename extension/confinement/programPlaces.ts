import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * What a program needs to run, beside the system's own folders: its folder, for the libraries and data
 * beside it, and for a Python its environment and the installation that this was made of. Nothing is run
 * to find that out: an interpreter in a project is the project's code.
 */
export async function programPlaces(
  program: string,
  runtime: 'node' | 'python' | 'other',
): Promise<string[]> {
  const real = await fs.realpath(program);
  if (runtime !== 'python') return [applicationBundle.exec(real)?.[0] ?? path.dirname(real)];
  const environment = path.dirname(path.dirname(program));
  const settings = path.join(environment, 'pyvenv.cfg');
  const text = await fs.readFile(settings, 'utf8').catch(() => undefined);
  const home = /^\s*home\s*=\s*(.+?)\s*$/mu.exec(text ?? '')?.[1];
  return [
    real,
    ...(text === undefined ? [] : [environment]),
    ...installationOf(real),
    ...(home !== undefined && (await hasPython(home)) ? installationIn(home) : []),
  ];
}

/** As interpreters are called, PyPy's among them. */
const interpreter = /^(?:python|pypy)[\d.]*$/u;

/** A project chooses which file its interpreter is a link to: only what looks like one shows more. */
function installationOf(real: string): string[] {
  if (!interpreter.test(path.basename(real))) return [];
  return installationIn(path.dirname(real));
}

/** The programs and libraries of an installation: not all that is in a folder such as `~/.local`. */
function installationIn(programs: string): string[] {
  const base = path.dirname(programs);
  if (base.includes('.framework/')) return [base]; // macOS: the interpreter starts another one there
  if (path.basename(programs) !== 'bin') return [];
  return [programs, path.join(base, 'lib'), path.join(base, 'lib64')];
}

async function hasPython(folder: string): Promise<boolean> {
  const entries = await fs.readdir(folder).catch(() => []);
  return entries.some(entry => interpreter.test(entry));
}

/** On macOS, an editor's own Node needs the frameworks of its application. */
const applicationBundle = /^.*?\.app(?=\/)/u;

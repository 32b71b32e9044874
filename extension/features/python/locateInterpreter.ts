import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { GreenroomError } from '../../../server/shared/errors.ts';
import { behindShim } from '../../confinement/behindShim.ts';

export interface InterpreterQuery {
  /** The folder whose tools it is to run. */
  readonly folder: string;
  /** What the user has set; empty: look for it. Relative paths start at the folder. */
  readonly setting: string;
  /** What the Python extension would take, where it is installed. */
  readonly chosen: () => Promise<string | undefined>;
  /** The folders in which programs are looked for, as the PATH has them. */
  readonly searchPath: string;
}

/** Where a virtual environment lies in a folder, by its usual names. */
const environmentNames = ['.venv', 'venv', '.env', 'env'];

const isWindows = process.platform === 'win32';
const programOfEnvironment = isWindows ? 'Scripts/python.exe' : 'bin/python';
const programNames = isWindows ? ['python.exe', 'python3.exe'] : ['python3', 'python'];

/**
 * The Python that runs a folder's tools: the setting's, that of a virtual environment in the folder, the
 * Python extension's, the first of the PATH. Throws `tool.notFound`, saying where it was looked for.
 */
export async function locateInterpreter(query: InterpreterQuery): Promise<string> {
  return behindShim(await findInterpreter(query), query.folder, query.searchPath);
}

async function findInterpreter(query: InterpreterQuery): Promise<string> {
  const { folder, setting, chosen, searchPath } = query;
  if (setting !== '') return assertProgram(absolute(setting, folder));
  for (const name of environmentNames) {
    const program = path.join(folder, name, programOfEnvironment);
    // Without this file it is some folder that happens to have the name.
    if (await isFile(path.join(folder, name, 'pyvenv.cfg'), program)) return program;
  }
  const choice = await chosen();
  if (choice !== undefined && (await isFile(choice))) return choice;
  for (const directory of searchPath.split(path.delimiter)) {
    // A program of the current folder, whichever that is, is nobody's choice.
    if (!path.isAbsolute(directory)) continue;
    for (const name of programNames) {
      const program = path.join(directory, name);
      if (await isFile(program)) return program;
    }
  }
  throw new GreenroomError(
    'tool.notFound',
    'no Python was found: no virtual environment in the folder, and none on the PATH. ' +
      'The setting greenroom.python.interpreter can name one',
  );
}

function absolute(setting: string, folder: string): string {
  const expanded = /^~(?=[\\/])/u.test(setting) ? os.homedir() + setting.slice(1) : setting;
  return path.resolve(folder, expanded);
}

async function assertProgram(program: string): Promise<string> {
  const stats = await fs.stat(program).catch(() => undefined);
  if (stats?.isFile()) return program;
  throw new GreenroomError(
    'tool.notFound',
    `the setting greenroom.python.interpreter names ${program}, which ${stats ? 'is a folder' : 'is not there'}`,
  );
}

async function isFile(...files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    const stats = await fs.stat(file).catch(() => undefined);
    if (!stats?.isFile()) return false;
  }
  return true;
}

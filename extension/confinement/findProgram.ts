import fs from 'node:fs/promises';
import path from 'node:path';

/** The program itself where it has a path; else the first of that name in the folders of a `PATH`. */
export async function findProgram(program: string, folders = ''): Promise<string> {
  if (program.includes(path.sep)) return path.resolve(program);
  for (const folder of folders.split(path.delimiter).filter(folder => path.isAbsolute(folder))) {
    const candidate = path.join(folder, program);
    if (await isProgram(candidate)) return candidate;
  }
  return program; // whoever starts it is told that there is none
}

/** Whether it is a file that may be run. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false; // that it cannot is the answer
  }
}

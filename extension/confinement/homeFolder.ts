import fs from 'node:fs/promises';
import os from 'node:os';

/** The user's, by its real path; not every user has one. */
export function homeFolder(): Promise<string> {
  return fs.realpath(os.homedir()).catch(os.homedir);
}

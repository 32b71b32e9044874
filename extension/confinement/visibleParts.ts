import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';

/** What of a file system is the machine's own business, when somebody works in its root. */
const machineFolders = new Set(['proc', 'sys', 'dev', 'run', 'var', 'tmp', 'root', 'boot', 'mnt']);

/** Files in a home folder that configure tools, and hold no secrets. */
const toolSettings = /^\.(?:prettier|editorconfig|eslint|flake8|pylintrc|isort|mypy)/u;

/** In the folder for temporary files, what belongs to other sessions. */
const ownTemporary = /^greenroom-(?:canary|scratch)-/u;

/**
 * What may be shown of a folder that somebody works in. A project is shown whole. A home folder, or one
 * that holds it, is shown without what home folders keep hidden: keys, tokens, histories. The folder for
 * temporary files is shown without what is there for other sessions.
 */
export async function visibleParts(folder: string, home: string): Promise<readonly string[]> {
  const temporary = await fs.realpath(os.tmpdir()).catch(os.tmpdir);
  if (!isWithin(home, folder) && !isWithin(temporary, folder)) return [folder];
  const shown = (await fs.readdir(folder)).filter(entry => {
    if (folder === home) return !entry.startsWith('.') || toolSettings.test(entry);
    if (folder === temporary) return !ownTemporary.test(entry);
    return path.dirname(folder) !== folder || !machineFolders.has(entry);
  });
  const parts = shown.map(entry => visibleParts(path.join(folder, entry), home));
  return (await Promise.all(parts)).flat();
}

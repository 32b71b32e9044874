import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';

/** What of a file system is the machine's own business, when somebody works in its root. */
const machineFolders = new Set(['proc', 'sys', 'dev', 'run', 'var', 'tmp', 'root', 'boot', 'mnt']);

/** Files in a home folder that configure tools, and hold no secrets. */
const toolSettings = /^\.(?:prettier|editorconfig|eslint|flake8|pylintrc|isort|mypy)/u;

/**
 * What may be shown of a folder that somebody works in. A project is shown whole. A home folder, or one
 * that holds it, is shown without what home folders keep hidden: keys, tokens, histories.
 */
export async function visibleParts(folder: string, home: string): Promise<readonly string[]> {
  if (!isWithin(home, folder)) return [folder];
  const entries = await fs.readdir(folder);
  const shown = entries.filter(entry =>
    folder === home
      ? !entry.startsWith('.') || toolSettings.test(entry)
      : path.dirname(folder) !== folder || !machineFolders.has(entry),
  );
  const parts = shown.map(entry => visibleParts(path.join(folder, entry), home));
  return (await Promise.all(parts)).flat();
}

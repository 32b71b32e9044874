import fs from 'node:fs';
import path from 'node:path';

/** Names, contents, modes, owners and times of change of everything in a folder. */
export function stateOf(folder: string): readonly unknown[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(entry => {
      const file = path.join(folder, entry.name);
      const { mode, uid, gid, mtimeMs, ctimeMs, size } = fs.lstatSync(file);
      const facts = [entry.name, mode, uid, gid, mtimeMs, ctimeMs];
      if (entry.isDirectory()) return [...facts, stateOf(file)];
      return [...facts, size, entry.isFile() && size < 10_000 ? fs.readFileSync(file, 'utf8') : ''];
    });
}

import fs from 'node:fs';
import path from 'node:path';
import { clip } from '../shared/base/clip.ts';
import { errorLimits } from '../shared/toldErrors.ts';

/**
 * The message of an error, and what to do about it where a path or package that it names in quotes is
 * reached by a link to something that this process cannot read.
 */
export function explainUnseenLink(message: string, root: string): string {
  const names = [...message.matchAll(/'([^'\n]+)'|"([^"\n]+)"/gu)].map(
    ([, one, two]) => one ?? two!,
  );
  const link = names.flatMap(name => placesOf(name, root)).find(isUnseenLink);
  if (link === undefined) return message;
  const target = path.resolve(path.dirname(link), fs.readlinkSync(link));
  const explained = `${message}. ${link} leads to ${target}, which is not there for this session. If it is there at all, the setting greenroom.sessions.readableFolders lets sessions read it`;
  return clip(explained, errorLimits.message);
}

/** Where a path or a package may lie, and all folders on the way. */
function placesOf(name: string, root: string): string[] {
  if (path.isAbsolute(name)) return [...foldersAbove(name).reverse(), name];
  return [root, ...foldersAbove(root)].map(folder => path.join(folder, 'node_modules', name));
}

function foldersAbove(place: string): string[] {
  const above = path.dirname(place);
  return above === place ? [] : [above, ...foldersAbove(above)];
}

function isUnseenLink(place: string): boolean {
  try {
    if (!fs.lstatSync(place).isSymbolicLink()) return false;
  } catch {
    return false; // nothing is there
  }
  try {
    fs.closeSync(fs.openSync(place, 'r'));
    return false;
  } catch {
    return true;
  }
}

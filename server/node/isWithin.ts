import path from 'node:path';

/** Whether a file or folder is another one, or lies in it. Both absolute. */
export function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  const leaves = relative === '..' || relative.startsWith(`..${path.sep}`);
  return !leaves && !path.isAbsolute(relative);
}

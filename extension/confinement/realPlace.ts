import fs from 'node:fs/promises';
import path from 'node:path';
import type { Link } from './confinementPlan.ts';

/** Where a path really leads. */
export interface RealPlace {
  readonly path: string;
  /** The links on the way, each of which leads to a real place or the next link. */
  readonly links: readonly Link[];
}

/** As many as Linux follows before it speaks of a loop. */
const maxLinks = 40;

/** Follows a path part by part. Throws as the file system does when there is nothing, and for loops. */
export async function realPlace(wanted: string): Promise<RealPlace> {
  const links: Link[] = [];
  const rest = partsOf(path.resolve(wanted));
  let place = path.parse(path.resolve(wanted)).root;
  while (rest.length > 0) {
    const next = path.join(place, rest.shift()!);
    if (!(await fs.lstat(next)).isSymbolicLink()) {
      place = next;
      continue;
    }
    const target = await fs.readlink(next);
    links.push({ path: next, target });
    if (links.length > maxLinks) throw new Error(`${wanted} leads through too many links`);
    const resolved = path.resolve(place, target);
    place = path.parse(resolved).root;
    rest.unshift(...partsOf(resolved));
  }
  return { path: place, links };
}

function partsOf(absolute: string): string[] {
  return absolute.slice(path.parse(absolute).root.length).split(path.sep).filter(Boolean);
}

import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';
import { homeFolder } from './homeFolder.ts';
import type { ConfinementPlan, ConfinementWish, Link, ProcessLimits } from './confinementPlan.ts';
import { linkedPackages } from './linkedPackages.ts';
import { programPlaces } from './programPlaces.ts';
import { foldersAboveProject, projectRootOf } from './projectRoot.ts';
import { realPlace } from './realPlace.ts';
import { visibleParts } from './visibleParts.ts';

/** The process that is to be confined, and what it needs by itself. */
export interface Confined {
  readonly program: string;
  readonly runtime: 'node' | 'python';
  /** What it is started with: the worker. */
  readonly workerPath: string;
  readonly memoryLimitMb: number;
  readonly writable: readonly string[];
  readonly scratch: string;
  /** The program that it becomes once it has measured itself. */
  readonly becomes?: { readonly program: string; readonly runtime: 'node' | 'python' | 'other' };
}

/** Finds out what a session must be shown. Throws when the workspace is not there. */
export async function resolvePlan(
  wish: ConfinementWish,
  confined: Confined,
): Promise<ConfinementPlan> {
  const home = await homeFolder();
  const workspace = await realPlace(wish.workspace);
  const project = await projectRootOf(workspace.path, home);
  const above = await foldersAboveProject(project, home);
  const packages = [...new Set([project, workspace.path, ...above])].map(linkedPackages);
  const { program, runtime, becomes } = confined;
  const isPython = runtime === 'python' || becomes?.runtime === 'python';
  const others = [
    program, // by itself, should its folder be one that is not shown
    path.dirname(confined.workerPath),
    ...(await programPlaces(program, runtime)),
    ...(becomes ? await placesOf(becomes) : []),
    ...wish.readable,
    ...above.map(folder => path.join(folder, 'node_modules')),
    ...(await Promise.all(packages)).flat(),
    ...(isPython ? [path.join(home, '.local/lib')] : []),
  ];
  const places = await Promise.all(others.map(place => realPlace(place).catch(() => undefined)));
  const found = places.filter(place => place !== undefined);
  const shown = await visibleParts(project, home);
  return {
    workspace: workspace.path,
    readable: withoutNested([...shown, ...found.map(place => place.path)], home),
    links: distinct([workspace, ...found].flatMap(place => place.links)),
    writable: confined.writable,
    scratch: confined.scratch,
    needsChildren: wish.needsChildren,
    needsScratch: wish.needsScratch,
    ...(becomes && { becomesAnother: true }),
    limits: limitsFor(confined),
  };
}

/** Whoever starts it is told when it is not there. */
async function placesOf({ program, runtime }: NonNullable<Confined['becomes']>): Promise<string[]> {
  if (!path.isAbsolute(program)) return [];
  const places = await programPlaces(program, runtime).catch(() => []);
  return [program, ...places];
}

/** A home folder, or one that holds it, is never shown for the sake of what lies in it. */
function withoutNested(places: readonly string[], home: string): readonly string[] {
  const allowed = places.filter(place => !isWithin(home, place));
  const outer = allowed.filter(
    place => !allowed.some(other => other !== place && isWithin(place, other)),
  );
  return [...new Set(outer)].sort();
}

function distinct(links: readonly Link[]): readonly Link[] {
  return [...new Map(links.map(link => [link.path, link])).values()];
}

const mib = 1024 * 1024;

/** Of a session that may start some; watched from outside as well. */
export const maxProcesses = 256;

/**
 * Node 24 reserves about 560 MiB of private memory, and 525 MiB more for every worker thread (measured):
 * room for four, beyond what the session may really use. That is watched from outside. Tools give way to the
 * editor; a language server is what somebody who types waits for.
 */
function limitsFor({ memoryLimitMb, becomes }: Confined): ProcessLimits {
  return {
    dataBytes: (memoryLimitMb + 560 + 4 * 525) * mib,
    fileBytes: 1024 * mib,
    processes: maxProcesses,
    niceness: becomes ? 0 : 5,
  };
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { isProgram } from '../confinement/findProgram.ts';
import { realFile } from './findInProject.ts';
import { findInEnvironment, findInstalled, findOnPath } from './findNamed.ts';
import { findNodeModule } from './findNodeModule.ts';
import { findPythonModule } from './findPythonModule.ts';
import type { FoundServer, NotFound, ServerPlaces } from './foundServer.ts';
import type { ReadyMadeServer } from './readyMade.ts';
import type { ServerEntry } from './serverEntry.ts';
import { createSearch, nodeServerOf, serverOf, type ServerSearch } from './serverSearch.ts';
import { folderVariable } from './serverRun.ts';

export type { FoundServer, NotFound, ServerPlaces };

/**
 * Finds a server for a folder by looking at files; nothing of it is run. What the project has installed
 * comes first, then what lies beside its interpreter, then the `PATH`.
 */
export async function findServer(
  entry: ServerEntry,
  folder: string,
  places: ServerPlaces,
): Promise<FoundServer | NotFound> {
  const expand = (text: string) => text.replaceAll(folderVariable, () => folder);
  const args = entry.args.map(expand);
  const search = await createSearch(folder, places, args, distributionOf(entry));
  switch (entry.run.kind) {
    case 'readyMade':
      return findReadyMadeServer(entry.run.server, search);
    case 'command':
      return findCommand(expand(entry.run.command), search);
    case 'module':
      return findModule(expand(entry.run.module), search);
    case 'pythonModule':
      return (
        (await findPythonModule(entry.run.module, search)) ??
        noPythonModule(entry.run.module, search)
      );
  }
}

/** A package is mostly called as its module is. */
function distributionOf({ readyMade, run }: ServerEntry): string | undefined {
  if (readyMade?.python) return readyMade.python.distribution;
  return run.kind === 'pythonModule' ? run.module.split('.')[0] : undefined;
}

async function findReadyMadeServer(
  { title, program, npmPackage, companions = [], python }: ReadyMadeServer,
  search: ServerSearch,
): Promise<FoundServer | NotFound> {
  const found =
    (await findInstalled(program, npmPackage, search)) ??
    (python?.module === undefined ? undefined : await findPythonModule(python.module, search)) ??
    (python && (await findInEnvironment(program, search))) ??
    (await findOnPath(program, search));
  if (found) return found;
  const advice = [
    npmPackage && `"npm install --save-dev ${[npmPackage, ...companions].join(' ')}"`,
    python && `"pip install ${python.distribution}"`,
  ];
  const wanted = advice.filter(command => command !== undefined).join(' or ');
  return {
    missing: `${title} was not found: there is no ${program} ${placesOf(search, python !== undefined)}. Install it: ${wanted}.`,
  };
}

async function findCommand(command: string, search: ServerSearch): Promise<FoundServer | NotFound> {
  if (path.isAbsolute(command)) {
    if (await isProgram(command)) return serverOf(command, 'given', search);
    return { missing: await whyNotRun(command) };
  }
  return (
    (await findInstalled(command, undefined, search)) ??
    (await findInEnvironment(command, search)) ??
    (await findOnPath(command, search)) ?? {
      missing: `There is no program ${command} ${placesOf(search, true)}. Install it, or give its absolute path as "command".`,
    }
  );
}

async function findModule(module: string, search: ServerSearch): Promise<FoundServer | NotFound> {
  if (!path.isAbsolute(module)) return findNodeModule(module, search);
  if ((await realFile(module)) !== undefined) return nodeServerOf(module, 'given', search);
  return { missing: `"module" names ${module}, ${await whatIsThere(module)}. Correct the path.` };
}

async function noPythonModule(module: string, search: ServerSearch): Promise<NotFound> {
  const interpreter = await search.interpreter().catch(() => undefined);
  if (interpreter === undefined) {
    return {
      missing: `No Python was found that could run the module ${module}. The setting greenroom.python.interpreter can name one.`,
    };
  }
  return {
    missing: `The module ${module} is not installed for ${interpreter}. Install the package that brings it with that Python's pip, or choose another Python by greenroom.python.interpreter.`,
  };
}

function placesOf({ folder }: ServerSearch, ofPython: boolean): string {
  const environment = ofPython ? ', nor beside its Python' : '';
  return `in the node_modules of ${folder} and of the folders above it${environment}, nor on the PATH`;
}

async function whyNotRun(command: string): Promise<string> {
  if ((await realFile(command)) === undefined) {
    return `"command" names ${command}, ${await whatIsThere(command)}. Correct the path.`;
  }
  return `"command" names ${command}, which is there but may not be run. Make it executable ("chmod +x"), or give it as "module" if it is a Node module.`;
}

async function whatIsThere(file: string): Promise<string> {
  const stats = await fs.stat(file).catch(() => undefined);
  return stats === undefined ? 'which is not there' : 'which is no file';
}

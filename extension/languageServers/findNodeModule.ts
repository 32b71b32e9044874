import path from 'node:path';
import { isWithin } from '../../server/node/isWithin.ts';
import { realFile } from './findInProject.ts';
import { findOnPath } from './findNamed.ts';
import type { FoundServer, NotFound } from './foundServer.ts';
import { readNodePackage, type NodePackage } from './nodePackage.ts';
import { nodeServerOf, type ServerSearch } from './serverSearch.ts';

/**
 * A server in an installed package, named as the package, or as a file in it. Without a file it is the
 * program of the package's own name, or its only one.
 */
export async function findNodeModule(
  module: string,
  search: ServerSearch,
): Promise<FoundServer | NotFound> {
  const [, name, inside] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/u.exec(module) ?? [];
  const program = path.basename(name ?? module);
  const installed = await nearest(name ?? module, search.folders);
  if (!installed) {
    const found = inside === undefined ? await findOnPath(program, search) : undefined;
    if (found) return found;
    const where = `in the node_modules of ${search.folder} and of the folders above it`;
    return {
      missing: `The package ${name} is not installed ${where}. Run "npm install --save-dev ${name}", or name another module.`,
    };
  }
  const file = inside ?? installed.bin[program] ?? onlyOne(Object.values(installed.bin));
  if (file === undefined) {
    return { missing: `${chooseBetween(installed)} Write "${name}/" and the file's path there.` };
  }
  const real = await realFile(path.join(installed.directory, file));
  if (real === undefined || !isWithin(real, installed.directory)) {
    return {
      missing: `There is no file ${file} in ${installed.directory}. Install the package ${name} anew, or correct the path.`,
    };
  }
  return nodeServerOf(real, 'project', search);
}

async function nearest(name: string, folders: readonly string[]): Promise<NodePackage | undefined> {
  for (const folder of folders) {
    const found = await readNodePackage(path.join(folder, 'node_modules', name));
    // The name is compared since a project's link could lead to anything.
    if (found?.name === name) return found;
  }
  return undefined;
}

function chooseBetween({ name, bin }: NodePackage): string {
  const files = Object.values(bin);
  if (files.length === 0) return `The package ${name} brings no program.`;
  return `The package ${name} brings several programs: ${files.join(', ')}.`;
}

const onlyOne = <T>(all: readonly T[]) => (all.length === 1 ? all[0] : undefined);

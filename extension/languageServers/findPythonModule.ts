import path from 'node:path';
import type { FoundServer } from './foundServer.ts';
import { folderOfModule, hasLinkedModules, siteFolders } from '../python/sitePackages.ts';
import { installedVersion, interpreterFor, type ServerSearch } from './serverSearch.ts';

/** A module that the folder's interpreter can run. */
export async function findPythonModule(
  module: string,
  search: ServerSearch,
): Promise<FoundServer | undefined> {
  const interpreter = await interpreterFor(search);
  if (interpreter === undefined) return undefined;
  const sites = await siteFolders(interpreter, search.home);
  const directory = await folderOfModule(module, sites);
  if (directory === undefined && !(await hasLinkedModules(sites))) return undefined;
  return {
    launch: { kind: 'python', interpreter, args: ['-m', module, ...search.args] },
    directory: directory ?? path.dirname(interpreter),
    origin: 'environment',
    version: await installedVersion(interpreter, search),
  };
}

import path from 'node:path';

const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning'];

/** Node's arguments for one of our programs, which stands below `test`, as it is. */
export function programArguments(name: string, ...args: readonly string[]): string[] {
  return [...flags, path.resolve(import.meta.dirname, '..', name), ...args];
}

import path from 'node:path';

/** From here and from the bundle in .cache/bench alike. */
export const repository = path.resolve(import.meta.dirname, '../..');

export const workerPath = path.join(repository, 'dist/worker.cjs');

/** A program that a side runs in another process or thread. */
export function childPath(name: string): string {
  return path.join(repository, 'test/bench/children', name);
}

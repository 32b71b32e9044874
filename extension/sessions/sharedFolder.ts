import fs from 'node:fs/promises';
import path from 'node:path';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';

/**
 * Where the host finds a session's shared memory: in namespaces of its own the session has private
 * memory in that place, which is bounded and ends with it. Undefined when it is out of reach.
 */
export async function sharedFolder(
  known: string | undefined,
  mechanism: Mechanism,
  pid: number | undefined,
): Promise<string | undefined> {
  if (known === undefined || mechanism !== 'bubblewrap') return known;
  if (pid === undefined) return undefined;
  const seen = path.join('/proc', String(pid), 'root', known);
  return fs.access(seen, fs.constants.W_OK).then(
    () => seen,
    () => undefined, // the system does not let us look; the pipe carries everything
  );
}

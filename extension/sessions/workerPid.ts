import fs from 'node:fs/promises';
import type { Hello } from '../../server/shared/protocol/hello.ts';
import type { ConfinedStart } from '../confinement/confine.ts';
import type { WorkerProcess } from './workerProcess.ts';

/**
 * The worker as the machine knows it. In namespaces it has another number for itself: bubblewrap is
 * outside, its child is the first process inside, and the worker is the child of that. Undefined where
 * the system does not tell.
 */
export async function workerPid(
  { pid }: WorkerProcess,
  { mechanism }: ConfinedStart,
  hello: Hello,
): Promise<number | undefined> {
  if (pid === undefined) return hello.pid;
  if (mechanism !== 'bubblewrap') return pid;
  const first = await childOf(pid);
  return first && childOf(first);
}

async function childOf(pid: number): Promise<number | undefined> {
  const children = await fs.readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return Number(children.split(' ')[0]) || undefined;
}

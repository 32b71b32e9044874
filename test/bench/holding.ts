import { nodePlatform } from '../../server/node/nodePlatform.ts';

/** Waiting for a process to end keeps nothing running by itself. */
export async function holding<T>(work: () => Promise<T>): Promise<T> {
  const hold = nodePlatform.hold();
  try {
    return await work();
  } finally {
    hold.dispose();
  }
}

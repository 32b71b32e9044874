import fs from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** The variable by which a session's processes are told from all others. */
export const markVariable = 'GREENROOM_SESSION';

/**
 * Ends what a session's process has started and let go of. A daemon leaves its parent and its group,
 * but hardly ever its environment, which the system shows on Linux; elsewhere this does nothing.
 */
export async function endStrays(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let pass = 0; pass < passes; pass++) {
    if (!(await endFound(mark))) return;
  }
}

/** What multiplies may do so while it is looked for. */
const passes = 10;

/** Whether some were, that are gone now. */
async function endFound(mark: string): Promise<boolean> {
  const entries = await fs.readdir('/proc');
  const pids = entries.filter(entry => /^\d+$/u.test(entry)).map(Number);
  const found = await Promise.all(
    pids.map(async pid => {
      if (pid === process.pid || !(await carries(pid, mark))) return false;
      kill(pid);
      return untilGone(pid);
    }),
  );
  return found.includes(true);
}

const looks = 100;
const pauseMs = 10;

/** The system takes a moment to end a process; after a second, it is left to it. */
async function untilGone(pid: number): Promise<boolean> {
  for (let look = 0; look < looks; look++) {
    if (!(await isThere(pid))) return true;
    await delay(pauseMs);
  }
  return false;
}

/** One that only waits for its parent to ask how it ended is not. */
async function isThere(pid: number): Promise<boolean> {
  try {
    return !/\) [XZ] /u.test(await fs.readFile(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

async function carries(pid: number, mark: string): Promise<boolean> {
  try {
    const environment = await fs.readFile(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').includes(`${markVariable}=${mark}`);
  } catch {
    return false; // it has ended, or belongs to somebody else
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

import fs from 'node:fs/promises';
import process from 'node:process';

/** The variable by which a session's processes are told from all others. */
export const markVariable = 'GREENROOM_SESSION';

/**
 * Ends what a session's process has started and let go of. A daemon leaves its parent and its group,
 * but hardly ever its environment, which the system shows on Linux; elsewhere this does nothing.
 */
export async function endStrays(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const entries = await fs.readdir('/proc');
  const pids = entries.filter(entry => /^\d+$/u.test(entry)).map(Number);
  await Promise.all(
    pids.map(async pid => {
      if (pid !== process.pid && (await carries(pid, mark))) kill(pid);
    }),
  );
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

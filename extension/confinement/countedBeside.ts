import fs from 'node:fs/promises';
import os from 'node:os';
import process from 'node:process';

/**
 * What the kernel counts, when it bounds the number of processes of one who has a user namespace of its own,
 * beside what runs in that: nothing from Linux 5.14 on, before that every thread of the user.
 */
export async function countedBeside(release = os.release()): Promise<number> {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14) ? 0 : threadsOfUser();
}

async function threadsOfUser(): Promise<number> {
  const pids = (await fs.readdir('/proc')).filter(name => /^\d+$/u.test(name));
  const counts = await Promise.all(pids.map(threadsOf));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The links of a folder are one for each folder in it, and two more. */
async function threadsOf(pid: string): Promise<number> {
  const stats = await fs.stat(`/proc/${pid}/task`).catch(() => undefined); // it has ended
  return stats && stats.uid === process.getuid?.() ? stats.nlink - 2 : 0;
}

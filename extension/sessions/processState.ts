import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';

/** Whether the system has stopped a process, as a debugger or `SIGSTOP` does; false where it does not tell. */
export async function isStopped(pid: number): Promise<boolean> {
  try {
    if (process.platform === 'linux') {
      return /\) [Tt] /u.test(await fs.readFile(`/proc/${pid}/stat`, 'utf8'));
    }
    if (process.platform === 'darwin') {
      const args = ['-o', 'state=', '-p', String(pid)];
      return (await promisify(execFile)('ps', args)).stdout.startsWith('T');
    }
    return false;
  } catch {
    return false; // the process has ended
  }
}

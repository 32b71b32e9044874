import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Resident bytes of a process, or undefined when it is gone or the system does not tell. */
export async function residentBytesOf(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux')
      return fromProcStatus(await fs.readFile(`/proc/${pid}/status`, 'utf8'));
    if (process.platform === 'darwin') {
      const { stdout } = await execFileAsync('ps', ['-o', 'rss=', '-p', String(pid)]);
      return kibibytes(stdout.trim());
    }
    return undefined;
  } catch {
    return undefined; // the process ended while we looked
  }
}

function fromProcStatus(status: string): number | undefined {
  return kibibytes(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]);
}

function kibibytes(digits: string | undefined): number | undefined {
  return digits ? Number(digits) * 1024 : undefined;
}

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';

/** What processes take of the machine. */
export interface Usage {
  readonly residentBytes: number;
  /** Of all its threads together, since it was started. */
  readonly processorMs: number;
  readonly processes: number;
}

const execFileAsync = promisify(execFile);

/** Undefined when the process is gone or the system does not tell. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  try {
    if (process.platform === 'linux') {
      const [status, stat] = await Promise.all(
        ['status', 'stat'].map(name => fs.readFile(`/proc/${pid}/${name}`, 'latin1')),
      );
      return fromProc(status!, stat!);
    }
    if (process.platform === 'darwin') {
      const args = ['-o', 'rss=,time=', '-p', String(pid)];
      // A locale may have another decimal point.
      const { stdout } = await execFileAsync('ps', args, {
        env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
      });
      return fromPs(stdout);
    }
    return undefined;
  } catch {
    return undefined; // the process ended while we looked
  }
}

/**
 * Of a process and all that it has started, as far as it has not let go of it. Of very many, only so many
 * are looked at that there are more than `enough`.
 */
export async function usageOfTree(pid: number, enough = Infinity): Promise<Usage | undefined> {
  let total = await usageOf(pid);
  for (let level = await childrenOf(pid); total && level.length > 0;) {
    const some = level.slice(0, Math.max(0, enough - total.processes + 1));
    const usages = await Promise.all(some.map(usageOf));
    total = usages.filter(usage => usage !== undefined).reduce(add, total);
    if (total.processes > enough) break;
    level = (await Promise.all(some.map(childrenOf))).flat();
  }
  return total;
}

function add(one: Usage, other: Usage): Usage {
  return {
    residentBytes: one.residentBytes + other.residentBytes,
    processorMs: one.processorMs + other.processorMs,
    processes: one.processes + other.processes,
  };
}

/** Every thread may have started some. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await fs.readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = threads.map(thread =>
    fs.readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => ''),
  );
  return (await Promise.all(lists)).join(' ').split(' ').filter(Boolean).map(Number);
}

/** The kernel counts in hundredths of a second, whatever the machine's own clock does. */
const tickMs = 10;

function fromProc(status: string, stat: string): Usage | undefined {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1];
  if (kibibytes === undefined) return undefined;
  // The program's name, in parentheses, may hold anything; the times come behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const processorMs = (Number(fields[11]) + Number(fields[12])) * tickMs;
  return { residentBytes: Number(kibibytes) * 1_024, processorMs, processes: 1 };
}

/** `  45120   1:02.53`: days and hours stand before the minutes where there are some, `1-02:03:04`. */
export function fromPs(output: string): Usage | undefined {
  const found = /^\s*(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/u.exec(output);
  if (!found) return undefined;
  const [kibibytes, days, hours, minutes, seconds] = found.slice(1).map(part => Number(part ?? 0));
  const inAll = ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
  return { residentBytes: kibibytes! * 1_024, processorMs: inAll * 1_000, processes: 1 };
}

import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';

const mostBytes = 4 * 2 ** 30;
const everyMs = 500;
const pageBytes = 4096;

/**
 * Ends a program, with its process group, that takes more memory than an editor may need. What
 * leaks under test would otherwise take down the machine, and with it the word of what leaked.
 */
export function watchMemory(child: ChildProcess, onExcess: (message: string) => void): void {
  const group = child.pid;
  if (!group || process.platform !== 'linux') return;
  const timer = setInterval(() => {
    const bytes = residentBytes(group);
    if (bytes < mostBytes) return;
    clearInterval(timer);
    onExcess(`ended: it used ${(bytes / 2 ** 30).toFixed(1)} GiB of memory`);
    process.kill(-group, 'SIGKILL');
  }, everyMs).unref();
  child.once('exit', () => clearInterval(timer));
}

function residentBytes(group: number): number {
  const processes = fs.readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return processes.reduce((sum, id) => sum + residentIfOf(group, id), 0);
}

function residentIfOf(group: number, id: string): number {
  try {
    const stat = fs.readFileSync(`/proc/${id}/stat`, 'utf8');
    // After the name, which may hold anything: state, parent, group, … and the pages as the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[2]) === group ? Number(fields[21]) * pageBytes : 0;
  } catch {
    return 0; // it ended meanwhile
  }
}

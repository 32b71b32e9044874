import fs from 'node:fs';
import { startedHere } from '../support/sessions.ts';

const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : '');

/** What was left behind in the machine itself. */
export function machineHarm(place: string, keyName: string, queueKey: number): string | undefined {
  if (read('/proc/self/mountinfo').includes(` ${place}`)) return 'something was mounted';
  if (read('/proc/keys').includes(keyName)) return 'a key was left with the kernel';
  const queues = read('/proc/sysvipc/msg');
  return new RegExp(`^\\s*${queueKey}\\s`, 'mu').test(queues)
    ? 'a message queue was left'
    : undefined;
}

/** Processes that a session has left behind. What bears the mark was started by it, too. */
export function strays(mark: string): readonly number[] {
  return [...new Set([...startedHere(), ...withArgument(mark)])];
}

export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

function withArgument(mark: string): readonly number[] {
  const pids = fs.readdirSync('/proc').map(Number);
  return pids.filter(pid => pid > 0 && argumentsOf(pid).includes(mark));
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}

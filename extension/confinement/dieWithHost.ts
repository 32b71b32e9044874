import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

/** What stands before a program and its arguments. */
export type CommandPrefix = readonly string[];

const setpriv = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] as const;

let found: Promise<CommandPrefix> | undefined;

/**
 * The prefix that lets the kernel end a process when the host ends, however that happens and whatever
 * the process is doing; empty where there is none. Linux has `setpriv`, which can do so from
 * util-linux 2.33 on; elsewhere a process notices by its channel, which it cannot while it computes
 * without pause. Found out once per machine, by trying.
 */
export function dyingWithHost(): Promise<CommandPrefix> {
  found ??= trySetpriv();
  return found;
}

async function trySetpriv(): Promise<CommandPrefix> {
  if (process.platform !== 'linux') return [];
  try {
    const [program, ...args] = setpriv;
    await promisify(execFile)(program, [...args, '/bin/true'], { timeout: 2_000 });
    return setpriv;
  } catch {
    return []; // not there, or too old
  }
}

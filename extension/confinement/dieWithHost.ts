import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Command } from './confinementPlan.ts';

const setpriv = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] as const;

let found: Promise<readonly string[]> | undefined;

/**
 * Lets the kernel end the process when the host ends, however that happens and whatever it is doing; the
 * command itself where that cannot be had. Linux has `setpriv`, which can do so from
 * util-linux 2.33 on; elsewhere a process notices by its channel, which it cannot while it computes
 * without pause. Found out once per machine, by trying.
 */
export async function dyingWithHost({ program, args }: Command): Promise<Command> {
  const [first, ...rest] = [...(await (found ??= trySetpriv())), program, ...args];
  return { program: first!, args: rest };
}

async function trySetpriv(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  try {
    const [program, ...args] = setpriv;
    await promisify(execFile)(program, [...args, '/bin/true'], { timeout: 2_000 });
    return setpriv;
  } catch {
    return []; // not there, or too old
  }
}

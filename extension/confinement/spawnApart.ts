import { spawn, type ChildProcess, type IOType, type SpawnOptions } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { inheritedDescriptors } from './inheritedDescriptors.ts';

type Apart = SpawnOptions & { readonly stdio: readonly IOType[] };

/**
 * Starts a program that gets the descriptors it is given and nothing of the host's: a folder that is open
 * leads out of every confinement. Whatever it would inherit beside them is nothing there.
 */
export function spawnApart(program: string, args: readonly string[], options: Apart): ChildProcess {
  const { stdio: given } = options;
  const inherited = inheritedDescriptors(given.length);
  const stdio: (IOType | number)[] = [...given];
  if (inherited.length === 0) return spawn(program, args, { ...options, stdio });
  const nothing = fs.openSync(os.devNull, 'r');
  try {
    stdio.length = Math.max(...inherited) + 1;
    stdio.fill('ignore', given.length); // what is not inherited closes by itself
    for (const number of inherited) stdio[number] = nothing;
    return spawn(program, args, { ...options, stdio });
  } finally {
    fs.closeSync(nothing);
  }
}

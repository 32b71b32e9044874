import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import process from 'node:process';

/** Of a descriptor's flags: it ends where another program begins. Node sets it for all of its own. */
const closesOnExec = 0o2000000;

/**
 * The descriptors, from `first` on, that every program would inherit that this process starts: whoever
 * started it has left them open, or native code has. Elsewhere than on Linux, a program gets those that it is
 * given and no others.
 */
export function inheritedDescriptors(first: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  return openDescriptors().filter(number => number >= first && isInherited(number));
}

function openDescriptors(): readonly number[] {
  try {
    return fs.readdirSync('/proc/self/fd').map(Number);
  } catch {
    return []; // the system does not tell; a session looks for itself
  }
}

const beginning = Buffer.alloc(256);

function isInherited(descriptor: number): boolean {
  let file: number | undefined;
  try {
    file = fs.openSync(`/proc/self/fdinfo/${descriptor}`, 'r');
    const text = beginning.toString('latin1', 0, fs.readSync(file, beginning));
    const flags = /^flags:\s*(\d+)$/mu.exec(text)?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & closesOnExec) === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'; // the listing's own
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

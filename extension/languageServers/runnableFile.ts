import fs from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../confinement/findProgram.ts';
import type { ServerLaunch } from './foundServer.ts';

/** How a file is run that is a program by its first line or its name. */
export async function launchOf(
  file: string,
  args: readonly string[],
  searchPath: string | undefined,
): Promise<ServerLaunch> {
  const real = await fs.realpath(file);
  const interpreter = await interpreterOf(real);
  const called = path.basename(interpreter ?? '');
  // Our own Node, rather than whichever the script would find.
  if (/^node(?:js)?$/u.test(called) || /\.[cm]?js$/u.test(real)) {
    return { kind: 'node', module: real, args };
  }
  if (interpreter !== undefined && /^(?:python|pypy)[\d.]*$/u.test(called)) {
    const program = await findProgram(interpreter, searchPath);
    if (path.isAbsolute(program)) {
      return { kind: 'python', interpreter: program, args: [file, ...args] };
    }
  }
  // Not the real one: some are links to a program that looks at the name it was called by.
  return { kind: 'program', program: file, args };
}

/** What the first line of a script names, without `env`; undefined where the file is no script. */
async function interpreterOf(file: string): Promise<string | undefined> {
  const [line] = (await beginningOf(file)).split('\n');
  if (!line?.startsWith('#!')) return undefined;
  const words = line.slice(2).trim().split(/\s+/u);
  if (path.basename(words[0] ?? '') !== 'env') return words[0];
  return words.slice(1).find(word => !word.startsWith('-') && !word.includes('='));
}

async function beginningOf(file: string): Promise<string> {
  await using handle = await fs.open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') return undefined;
    throw error;
  });
  if (!handle) return ''; // what may be run need not be readable
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(512), position: 0 });
  return buffer.toString('latin1', 0, bytesRead);
}

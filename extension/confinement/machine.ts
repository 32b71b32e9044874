import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';
import { isKnownArchitecture } from './seccompProgram.ts';
import type { SystemFolders } from './bubblewrap.ts';

/** Whether a mechanism works here; if not, why, and what to do about it, for a person. */
export type Finding =
  | { readonly works: true; readonly program: string }
  | { readonly works: false; readonly why: string };

/** What this machine can confine processes with. */
export interface Machine {
  readonly bubblewrap: Finding;
  readonly landlock: Finding;
  /** What starts a process under Landlock. */
  readonly launcher: string;
  readonly system: SystemFolders;
}

/** Where systems install bubblewrap: nowhere that a project, or the user's PATH, could put another. */
const bubblewraps = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];

let found: Promise<Machine> | undefined;

/** Finds out what works, by trying, once for all sessions. */
export function examineMachine(launcher: string): Promise<Machine> {
  found ??= examine(launcher);
  return found;
}

async function examine(launcher: string): Promise<Machine> {
  const [bubblewrap, landlock, system] = await Promise.all([
    tryBubblewrap(bubblewraps),
    tryLandlock(launcher),
    systemFolders(),
  ]);
  return { bubblewrap, landlock, launcher, system };
}

/** The first of the programs that is there decides. */
export async function tryBubblewrap(
  candidates: readonly string[],
  forMs = tryForMs,
): Promise<Finding> {
  if (process.platform !== 'linux') return { works: false, why: 'bubblewrap is for Linux only' };
  const program = await firstProgram(candidates);
  if (program === undefined) {
    const why = 'bubblewrap is not installed; the package is called bubblewrap on most systems';
    return { works: false, why };
  }
  const flags = ['--unshare-user', '--unshare-pid', '--unshare-net', '--disable-userns'];
  const args = [...flags, '--ro-bind', '/', '/', '--proc', '/proc', '--', '/bin/true'];
  const trouble = await troubleWith(program, args, forMs);
  if (trouble === undefined) return { works: true, program };
  const why = `${program} does not work: ${trouble}. The system may forbid user namespaces to programs without privileges`;
  return { works: false, why };
}

export async function tryLandlock(launcher: string): Promise<Finding> {
  if (process.platform !== 'linux') return { works: false, why: 'Landlock is for Linux only' };
  if (!isKnownArchitecture(process.arch)) {
    return { works: false, why: `there is no filter of system calls for ${process.arch}` };
  }
  const program = await firstProgram(['/usr/bin/perl']);
  if (program === undefined) return { works: false, why: '/usr/bin/perl is not installed' };
  const trouble = await troubleWith(program, [launcher, '--check']);
  if (trouble === undefined) return { works: true, program };
  return { works: false, why: `Landlock does not work: ${trouble}` };
}

async function firstProgram(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const isThere = await fs.access(candidate, fs.constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return undefined;
}

const tryForMs = 3_000;

/** Undefined when the program ends well; else what is known. One that hangs is killed. */
async function troubleWith(
  program: string,
  args: readonly string[],
  forMs = tryForMs,
): Promise<string | undefined> {
  const options = { timeout: forMs, killSignal: 'SIGKILL', env: {} } as const;
  try {
    await promisify(execFile)(program, args, options);
    return undefined;
  } catch (error) {
    const { killed, stderr, message } = error as Error & { killed?: boolean; stderr?: string };
    if (killed) return `it did not end within ${forMs / 1_000} s`;
    return stderr?.trim().split('\n').at(-1) || message;
  }
}

const systemNames = [
  'usr',
  'bin',
  'sbin',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'nix/store',
  'gnu/store',
];

/** Most systems have links to `/usr` where programs and libraries once were. */
async function systemFolders(): Promise<SystemFolders> {
  const real: string[] = [];
  const links: SystemFolders['links'][number][] = [];
  for (const name of systemNames) {
    const path = `/${name}`;
    const stats = await fs.lstat(path).catch(() => undefined);
    if (stats?.isSymbolicLink()) links.push({ path, target: await fs.readlink(path) });
    else if (stats?.isDirectory()) real.push(path);
  }
  return { real, links };
}

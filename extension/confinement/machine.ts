import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';
import { isKnownArchitecture } from './seccompProgram.ts';
import type { SystemFolders } from './bubblewrap.ts';
import { programPlaces } from './programPlaces.ts';
import { isProgram } from './findProgram.ts';
import { seatbeltCommand } from './seatbelt.ts';

/** Whether a mechanism works here; if not, why, and what to do about it, for a person. */
export type Finding =
  | { readonly works: true; readonly program: string; readonly flags?: readonly string[] }
  | { readonly works: false; readonly why: string; readonly tookTooLong?: boolean };

/** What this machine can confine processes with. */
export interface Machine {
  readonly bubblewrap: Finding;
  readonly landlock: Finding;
  readonly seatbelt: Finding;
  /** What starts a process under Landlock. */
  readonly launcher: string;
  readonly system: SystemFolders;
}

/** Where systems install bubblewrap: nowhere that a project, or the user's PATH, could put another. */
const bubblewraps = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];

type Examine = (launcher: string) => Promise<Machine>;

/** Finds out what works, by trying, once for all sessions; what took too long is tried again. */
export const examineMachine = untilCertain(examine);

export function untilCertain(examine: Examine): Examine {
  let found: Promise<Machine> | undefined;
  return async launcher => {
    const machine = await (found ??= examine(launcher));
    const isDoubtful = [machine.bubblewrap, machine.landlock, machine.seatbelt].some(
      finding => !finding.works && finding.tookTooLong,
    );
    if (isDoubtful) found = undefined;
    return machine;
  };
}

async function examine(launcher: string): Promise<Machine> {
  const [bubblewrap, landlock, seatbelt, system] = await Promise.all([
    tryBubblewrap(bubblewraps),
    tryLandlock(launcher),
    trySeatbelt(),
    systemFolders(),
  ]);
  return { bubblewrap, landlock, seatbelt, launcher, system };
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
  let trouble: Trouble | undefined;
  // Before 0.8 it cannot forbid namespaces inside; the filter of system calls does so as well.
  for (const flags of [['--disable-userns'], []]) {
    const args = ['--unshare-user', '--unshare-pid', '--unshare-net', ...flags];
    trouble = await troubleWith(program, [...args, ...harmless], forMs);
    if (!trouble) return { works: true, program, flags };
    if (!trouble.words.includes('--disable-userns')) break;
  }
  const hint = 'The system may forbid user namespaces to programs without privileges';
  return failing(`${program} does not work`, trouble!, `. ${hint}`);
}

/** As sessions are started, with what sets their bounds. */
const harmless = [
  ...['--ro-bind', '/', '/', '--proc', '/proc', '--'],
  ...['/usr/bin/prlimit', '--core=0', '--', '/usr/bin/nice'],
];

interface Trouble {
  readonly words: string;
  readonly tookTooLong: boolean;
}

function failing(what: string, { words, tookTooLong }: Trouble, hint = ''): Finding {
  return { works: false, why: `${what}: ${words}${hint}`, tookTooLong };
}

export async function tryLandlock(launcher: string): Promise<Finding> {
  if (process.platform !== 'linux') return { works: false, why: 'Landlock is for Linux only' };
  if (!isKnownArchitecture(process.arch)) {
    return { works: false, why: `there is no filter of system calls for ${process.arch}` };
  }
  const program = await firstProgram(['/usr/bin/perl']);
  if (program === undefined) return { works: false, why: '/usr/bin/perl is not installed' };
  const trouble = await troubleWith(program, [launcher, '--check']);
  return trouble ? failing('Landlock does not work', trouble) : { works: true, program };
}

/** With the host's own Node, which needs most. */
async function trySeatbelt(): Promise<Finding> {
  if (process.platform !== 'darwin') return { works: false, why: 'Seatbelt is for macOS only' };
  const readable = await programPlaces(process.execPath, 'node');
  const plan = { readable, writable: [], needsChildren: false };
  const command = { program: process.execPath, args: ['-e', '0'] };
  const { program, args } = seatbeltCommand(command, plan);
  const environment = { ELECTRON_RUN_AS_NODE: '1' };
  const trouble = await troubleWith(program, args, tryForMs, environment);
  return trouble ? failing('Seatbelt does not work', trouble) : { works: true, program };
}

async function firstProgram(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  return undefined;
}

const tryForMs = 3_000;

/** Undefined when the program ends well; else what is known. One that hangs is killed. */
async function troubleWith(
  program: string,
  args: readonly string[],
  forMs = tryForMs,
  env: NodeJS.ProcessEnv = {},
): Promise<Trouble | undefined> {
  const options = { timeout: forMs, killSignal: 'SIGKILL', env } as const;
  try {
    await promisify(execFile)(program, args, options);
    return undefined;
  } catch (error) {
    const { killed, stderr, message } = error as Error & { killed?: boolean; stderr?: string };
    if (killed) return { words: `it did not end within ${forMs / 1_000} s`, tookTooLong: true };
    return { words: stderr?.trim().split('\n').at(-1) || message, tookTooLong: false };
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

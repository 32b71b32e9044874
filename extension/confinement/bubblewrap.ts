import { isWithin } from '../../server/node/isWithin.ts';
import type { Command, ConfinementPlan, Link } from './confinementPlan.ts';
import { systemSettings } from './systemSettings.ts';

/** Folders of the system that programs and libraries are in; links to others on most systems. */
export interface SystemFolders {
  readonly real: readonly string[];
  readonly links: readonly Link[];
}

const scratchBytes = 256 * 1024 * 1024;

/** Of shared memory, for both sides together; what finds no room there takes the pipe. */
const sharedBytes = 512 * 1024 * 1024;

/** The descriptor on which bubblewrap reads the filter of system calls. */
export const filterDescriptor = 5;

/**
 * Runs the command in namespaces of its own, without privileges: it sees a root with the system's
 * programs, what the plan shows, and private memory, bounded and gone with it, in `/tmp` and where its
 * shared memory is, which the host reaches by `/proc`; no network, no other processes. Bounds and niceness are set inside, where they count for it alone.
 */
export function bubblewrapCommand(
  bubblewrap: { readonly program: string; readonly flags?: readonly string[] },
  { program, args }: Command,
  plan: ConfinementPlan,
  system: SystemFolders,
  hasFilter: boolean,
): Command {
  const { workspace, readable, writable, links, limits } = plan;
  const known = [...system.real, ...system.links.map(link => link.path)];
  // Else only parts of it, or nothing at all. The root is private memory already.
  const isShown = workspace === '/' || isIn(workspace, readable);
  const bounds = [
    '/usr/bin/prlimit',
    `--data=${limits.dataBytes}`,
    `--fsize=${limits.fileBytes}`,
    '--core=0',
    ...(plan.needsChildren ? [`--nproc=${limits.processes}`] : []),
    '--',
    '/usr/bin/nice',
    '-n',
    String(limits.niceness),
  ];
  return {
    program: bubblewrap.program,
    args: [
      '--unshare-user',
      '--unshare-pid',
      '--unshare-net',
      '--unshare-ipc',
      '--unshare-uts',
      '--unshare-cgroup-try',
      ...['--cap-drop', 'ALL'],
      ...(bubblewrap.flags ?? []),
      '--die-with-parent',
      '--new-session',
      ...system.real.flatMap(folder => ['--ro-bind', folder, folder]),
      ...system.links.flatMap(link => ['--symlink', link.target, link.path]),
      ...systemSettings.flatMap(bindReadOnly),
      ...['--proc', '/proc', '--dev', '/dev'],
      ...['--size', String(scratchBytes), '--tmpfs', plan.scratch],
      ...(isShown ? [] : ['--tmpfs', workspace]),
      ...readable.filter(place => !isIn(place, known)).flatMap(bindReadOnly),
      ...links.filter(link => !isIn(link.path, [...known, ...readable])).flatMap(symlink),
      ...writable.flatMap(folder => ['--size', String(sharedBytes), '--tmpfs', folder]),
      ...(isShown ? [] : ['--remount-ro', workspace]),
      ...(plan.needsScratch ? [] : ['--remount-ro', plan.scratch]),
      // As root, the kernel's settings in /proc/sys could be written otherwise.
      ...['--remount-ro', '/', '--remount-ro', '/dev', '--remount-ro', '/proc'],
      ...['--chdir', workspace],
      ...(hasFilter ? ['--seccomp', String(filterDescriptor)] : []),
      '--',
      ...bounds,
      program,
      ...args,
    ],
  };
}

const bindReadOnly = (place: string) => ['--ro-bind-try', place, place];
const symlink = ({ path, target }: Link) => ['--symlink', target, path];
const isIn = (place: string, folders: readonly string[]) =>
  folders.some(folder => isWithin(place, folder));

import type { Command, ConfinementPlan } from './confinementPlan.ts';
import { seccompProgram, type Architecture } from './seccompProgram.ts';
import { nobody, signalProgram } from './signalProgram.ts';
import { systemSettings } from './systemSettings.ts';

export interface LandlockPlan extends ConfinementPlan {
  /** The system's folders with programs and libraries. */
  readonly system: readonly string[];
  /** `landlock.pl`. */
  readonly launcher: string;
  /** The processor that the program is for. */
  readonly architecture: Architecture;
  /** The process that starts it, and with which it ends. */
  readonly parent: number;
}

/** Perl complains about a language that the system lacks; the launcher removes this from what it starts. */
export const landlockEnvironment = { PERL_BADLANG: '0' } as const;

/**
 * Runs the command confined by Landlock and filters of system calls, which needs Linux 5.13 and no user
 * namespaces. It must be started by the host's main thread, since the kernel ends it with the thread that
 * has started it. Exit status 126 and one line on standard error say that the machine lacks something;
 * nothing was run then. Inherited descriptors stay open up to 4; 5 is the launcher's.
 *
 * Limits on processes are of the whole user, so that one is set only for tools that start some, above
 * what the user runs at that moment. The kernel sets none for root, whose sessions are counted from outside.
 */
export function landlockCommand({ program, args }: Command, plan: LandlockPlan): Command {
  const { launcher, limits, needsChildren, becomesAnother, architecture, parent } = plan;
  const programs = needsChildren || becomesAnother ? plan.readable : [];
  const executable = [...plan.system, program, ...programs];
  const filter = seccompProgram(needsChildren ? 'children' : 'noChildren', architecture, {
    sharesHost: true,
  });
  return {
    program: '/usr/bin/perl',
    args: [
      launcher,
      ...executable.flatMap(place => ['--rx', place]),
      ...[...systemSettings, ...plan.readable].flatMap(place => ['--ro', place]),
      ...plan.writable.flatMap(place => ['--rw', place]),
      ...['--filter', hexOf(filter)],
      ...['--signal-filter', hexOf(signalProgram(nobody, architecture))],
      ...['--data', String(limits.dataBytes), '--fsize', String(limits.fileBytes)],
      ...(needsChildren ? ['--more-processes', String(limits.processes)] : []),
      ...['--nice', String(limits.niceness), '--parent', String(parent)],
      '--',
      program,
      ...args,
    ],
  };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

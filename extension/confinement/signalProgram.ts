import { answer, answers, ifEqual, loadArgument, unlessEqual } from './bpfProgram.ts';
import { filterOf, type CallRules } from './seccompProgram.ts';
import type { Architecture } from './systemCalls.ts';

/** No process has this id (`PID_MAX_LIMIT` is 2^22): a filter made for it lets no signal through. */
export const nobody = 0x7fff_ffff;

const refuse = [answer(answers.notPermitted)];

/**
 * A second filter, for kernels that do not keep signals within a Landlock domain (before Linux 6.12) and
 * a process without a pid namespace: a SIGUSR1 to the host would open its inspector. Signals go to
 * `ownPid` only. That is what `raise` and `abort` need, by which Node and Python end themselves:
 * `tgkill` of the own process in glibc; in musl `tkill`, for which this means the main thread. What the
 * process starts can neither be signalled nor signal itself; it has the filter too.
 */
export function signalProgram(ownPid: number, architecture: Architecture): Uint8Array {
  const toItself = [loadArgument(0), ...unlessEqual(ownPid, refuse)];
  const rules: CallRules = {
    missing: [],
    refused: ['pidfd_send_signal'],
    pretended: [],
    checks: {
      kill: toItself,
      tkill: toItself,
      tgkill: toItself,
      rt_sigqueueinfo: toItself,
      rt_tgsigqueueinfo: toItself,
      // F_SETOWN, F_SETSIG, F_SETOWN_EX: who gets which signal when a descriptor is ready.
      fcntl: [loadArgument(1), ...[8, 10, 15].flatMap(command => ifEqual(command, refuse))],
      // FIOSETOWN, SIOCSPGRP: the same.
      ioctl: [loadArgument(1), ...[0x8901, 0x8902].flatMap(command => ifEqual(command, refuse))],
    },
  };
  return filterOf([rules], architecture);
}

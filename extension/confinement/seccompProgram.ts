import {
  answer,
  answers,
  encodeProgram,
  ifAnyBit,
  ifAtLeast,
  ifEqual,
  keepBits,
  loadArchitecture,
  loadArgument,
  loadNumber,
  unlessAnyBit,
  unlessEqual,
  type Instruction,
} from './bpfProgram.ts';
import { hostCalls } from './hostCalls.ts';
import {
  auditNames,
  callNumber,
  firstUnknownCall,
  type Architecture,
  type SystemCall,
} from './systemCalls.ts';

export { isKnownArchitecture, type Architecture } from './systemCalls.ts';

export type ProcessProfile = 'noChildren' | 'children';

/** What happens to some system calls. Where `checks` fall through, the call is allowed. */
export interface CallRules {
  readonly refused: readonly SystemCall[];
  readonly missing: readonly SystemCall[];
  /** Answered as done, and not done. */
  readonly pretended: readonly SystemCall[];
  readonly checks: Partial<Readonly<Record<SystemCall, readonly Instruction[]>>>;
}

/**
 * The kernel's filter of system calls, as `struct sock_filter[]`. It refuses sockets, other processes'
 * memory, mounts, namespaces, keys and the machine's own settings, and in `noChildren` new processes.
 * Never `execve`: whoever installs the filter becomes the program by it, afterwards; alone it makes no
 * process. Inherited sockets go on working, since they are the channel to the host.
 *
 * `sharesHost` is for a process without namespaces of its own. It then cannot reach the host's other
 * processes by priorities, limits or message queues either, nor leave its process group, and what
 * Landlock does not know of files is not done: modes, owners, times, attributes, and truncation, which
 * Landlock knows from Linux 6.2 on. Signals are `signalProgram`'s.
 */
export function seccompProgram(
  profile: ProcessProfile,
  architecture: Architecture,
  { sharesHost = false }: { readonly sharesHost?: boolean } = {},
): Uint8Array {
  const rules = [everywhere, processRules[profile], ...(sharesHost ? [hostCalls] : [])];
  return filterOf(rules, architecture);
}

export function filterOf(rules: readonly CallRules[], architecture: Architecture): Uint8Array {
  const named = (names: (rules: CallRules) => readonly SystemCall[], value: number) =>
    rules.flatMap(names).flatMap(name => whenCalled(name, architecture, [answer(value)]));
  const checks = rules.flatMap(
    ({ checks }) => Object.entries(checks) as [SystemCall, readonly Instruction[]][],
  );
  return encodeProgram([
    loadArchitecture,
    ...unlessEqual(auditNames[architecture], [answer(answers.killProcess)]),
    loadNumber,
    ...ifAtLeast(firstUnknownCall, [answer(answers.notImplemented)]),
    ...named(({ missing }) => missing, answers.notImplemented),
    ...named(({ refused }) => refused, answers.notPermitted),
    ...named(({ pretended }) => pretended, answers.pretend),
    ...checks.flatMap(([name, check]) => whenCalled(name, architecture, [...check, loadNumber])),
    answer(answers.allow),
  ]);
}

function whenCalled(
  name: SystemCall,
  architecture: Architecture,
  body: readonly Instruction[],
): readonly Instruction[] {
  const number = callNumber(name, architecture);
  return number === undefined ? [] : ifEqual(number, body);
}

const refuse = [answer(answers.notPermitted)];

const everywhere: CallRules = {
  // The C library falls back to clone, whose flags can be read here; theirs are behind a pointer.
  missing: ['clone3', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'],
  refused: [
    ...(['socket', 'connect', 'bind', 'listen', 'accept', 'accept4'] as const),
    ...(['ptrace', 'process_vm_readv', 'process_vm_writev', 'process_madvise'] as const),
    ...(['process_mrelease', 'kcmp', 'pidfd_open', 'pidfd_getfd'] as const),
    ...(['perf_event_open', 'userfaultfd', 'bpf', 'unshare', 'setns'] as const),
    ...(['mount', 'umount2', 'mount_setattr', 'move_mount', 'open_tree'] as const),
    ...(['fsopen', 'fsconfig', 'fsmount', 'fspick', 'pivot_root', 'chroot'] as const),
    ...(['open_by_handle_at', 'name_to_handle_at', 'lookup_dcookie'] as const),
    ...(['fanotify_init', 'fanotify_mark', 'quotactl', 'quotactl_fd', 'acct'] as const),
    ...(['swapon', 'swapoff', 'nfsservctl', 'add_key', 'request_key', 'keyctl'] as const),
    ...(['kexec_load', 'kexec_file_load', 'init_module', 'finit_module'] as const),
    ...(['delete_module', 'reboot', 'sethostname', 'setdomainname', 'syslog'] as const),
    ...(['settimeofday', 'clock_settime', 'clock_adjtime', 'adjtimex', 'vhangup'] as const),
    ...(['ioperm', 'iopl', 'modify_ldt', 'uselib'] as const),
  ],
  pretended: [],
  checks: {
    // TIOCSTI types into a terminal, TIOCLINUX pastes into a console.
    ioctl: [loadArgument(1), ...ifEqual(0x5412, refuse), ...ifEqual(0x541c, refuse)],
    // The default, and the question what it is.
    personality: [loadArgument(0), ...unlessEqual(0, unlessEqual(0xffff_ffff, refuse))],
    // Of streams (1), as pipes to children are, and what wakes Python's loop of events. From one of
    // datagrams, any unix socket can be written.
    socketpair: [
      loadArgument(0),
      ...unlessEqual(1, refuse),
      loadArgument(1),
      keepBits(0xf),
      ...unlessEqual(1, refuse),
    ],
  },
};

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; and a child that is the host's. */
const foreignFlags = 0x7e02_0000 | 0x8000;
const threadFlag = 0x1_0000;

const processRules: Readonly<Record<ProcessProfile, CallRules>> = {
  noChildren: {
    missing: [],
    refused: ['fork', 'vfork'],
    pretended: [],
    checks: {
      clone: [
        loadArgument(0),
        ...ifAnyBit(foreignFlags, refuse),
        ...unlessAnyBit(threadFlag, refuse),
      ],
    },
  },
  children: {
    missing: [],
    refused: [],
    pretended: [],
    checks: { clone: [loadArgument(0), ...ifAnyBit(foreignFlags, refuse)] },
  },
};

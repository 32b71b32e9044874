import {
  answer,
  answers,
  ifEqual,
  keepBits,
  loadArgument,
  unlessEqual,
  type Instruction,
} from './bpfProgram.ts';
import type { CallRules } from './seccompProgram.ts';

const refuse = [answer(answers.notPermitted)];

/** For itself, whose id may be given as 0; for no other process. */
const itself: readonly Instruction[] = [loadArgument(0), ...unlessEqual(0, refuse)];

const setParentDeathSignal = 1;

/**
 * `O_TRUNC` is 0o1000; the two lowest bits are how the file is opened: 0 is for reading, 3 for neither
 * reading nor writing. Both truncate, and Landlock sees no writing before Linux 6.2.
 */
const truncatingUnseen = (flags: number): readonly Instruction[] => [
  loadArgument(flags),
  keepBits(0o1003),
  ...ifEqual(0o1000, refuse),
  ...ifEqual(0o1003, refuse),
];

/** How a process without namespaces of its own reaches others, or files, that Landlock lets it reach. */
export const hostCalls: CallRules = {
  missing: ['openat2'], // its flags are behind a pointer
  refused: [
    ...(['shmget', 'shmat', 'shmctl', 'semget', 'semop', 'semctl', 'semtimedop'] as const),
    ...(['msgget', 'msgsnd', 'msgrcv', 'msgctl', 'mq_open', 'mq_unlink'] as const),
    ...(['setpgid', 'setsid', 'ioprio_set', 'migrate_pages', 'move_pages'] as const),
    ...(['inotify_add_watch', 'truncate'] as const),
  ],
  pretended: [
    ...(['chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'lchown', 'fchownat'] as const),
    ...(['utime', 'utimes', 'futimesat', 'utimensat'] as const),
    ...(['setxattr', 'lsetxattr', 'fsetxattr'] as const),
    ...(['removexattr', 'lremovexattr', 'fremovexattr'] as const),
  ],
  checks: {
    open: truncatingUnseen(1),
    openat: truncatingUnseen(2),
    prlimit64: itself,
    sched_setaffinity: itself,
    sched_setattr: itself,
    sched_setparam: itself,
    sched_setscheduler: itself,
    // A process (0), and no group or user; itself, and no other.
    setpriority: [...itself, loadArgument(1), ...unlessEqual(0, refuse)],
    // Else it could outlive the host.
    prctl: [loadArgument(0), ...ifEqual(setParentDeathSignal, refuse)],
  },
};

import { describe, expect, test } from 'vitest';
import { answers } from '../../../../extension/confinement/bpfProgram.ts';
import {
  isKnownArchitecture,
  seccompProgram,
} from '../../../../extension/confinement/seccompProgram.ts';
import { nobody, signalProgram } from '../../../../extension/confinement/signalProgram.ts';
import {
  architectures,
  auditNames,
  callNumber,
  firstUnknownCall,
  type Architecture,
  type SystemCall,
} from '../../../../extension/confinement/systemCalls.ts';
import { instructionsOf, runProgram } from '../../../support/bpfInterpreter.ts';

const words = new Map<number, string>(
  Object.entries(answers).map(([word, answer]) => [answer, word]),
);

/** What a program answers to a call, in words; `none` where the processor has no such call. */
function ask(program: Uint8Array, on: Architecture, call: SystemCall | number, ...args: number[]) {
  const number = typeof call === 'number' ? call : callNumber(call, on);
  if (number === undefined) return 'none';
  const answer = runProgram(program, { architecture: auditNames[on], number, args });
  return words.get(answer);
}

const threadFlags = 0x3d0f00; // as the C library creates a thread
const forkFlags = 0x1200011;
const spawnFlags = 0x4111; // CLONE_VM | CLONE_VFORK, as posix_spawn

describe.each(architectures)('on %s', on => {
  const noChildren = seccompProgram('noChildren', on);
  const children = seccompProgram('children', on);
  const beside = seccompProgram('noChildren', on, { sharesHost: true });
  const childrenBeside = seccompProgram('children', on, { sharesHost: true });
  const signals = signalProgram(1234, on);
  const all = { noChildren, children, beside, childrenBeside, signals };

  test.each(Object.entries(all))('every path through %s ends in an answer', (_, program) => {
    const instructions = instructionsOf(program);
    expect(instructions.length).toBeLessThan(4096);
    instructions.forEach(({ code, held, failed }, at) => {
      if (code === 0x06) return;
      expect(at + 1 + Math.max(held, failed)).toBeLessThan(instructions.length);
    });
  });

  test('a call of another processor ends the process', () => {
    const architecture = 0x4000_0003; // i386
    const call = { architecture, number: 1 };
    expect(runProgram(noChildren, call)).toBe(answers.killProcess);
    expect(runProgram(signals, call)).toBe(answers.killProcess);
  });

  test('calls younger than Linux 6.1, and those of x32, are not there', () => {
    const younger = [firstUnknownCall, 467, 0x4000_0000, 0x4000_0029, 0xffff_ffff];
    expect(younger.map(number => ask(children, on, number))).toEqual(
      younger.map(() => 'notImplemented'),
    );
  });

  test('calls that are refused make the C library use those that can be examined', () => {
    expect(ask(children, on, 'clone3')).toBe('notImplemented');
    expect(ask(children, on, 'io_uring_setup')).toBe('notImplemented');
  });

  test.each([
    'socket',
    'connect',
    'bind',
    'listen',
    'accept4',
    'ptrace',
    'process_vm_readv',
    'process_vm_writev',
    'kcmp',
    'pidfd_getfd',
    'mount',
    'unshare',
    'setns',
    'bpf',
    'perf_event_open',
    'userfaultfd',
    'keyctl',
    'kexec_load',
    'finit_module',
    'reboot',
    'swapon',
    'chroot',
    'pivot_root',
    'open_by_handle_at',
    'acct',
    'quotactl',
    'clock_settime',
    'syslog',
  ] as const)('%s is refused, with children and without', call => {
    expect([ask(noChildren, on, call), ask(children, on, call)]).not.toContain('allow');
  });

  test('execve stays, or nothing could be started with the filter in place', () => {
    const execve = on === 'x64' ? 59 : 221;
    expect(Object.values(all).map(program => ask(program, on, execve))).toEqual(
      Object.keys(all).map(() => 'allow'),
    );
  });

  test('inherited sockets can be read and written', () => {
    const [sendmsg, recvmsg] = on === 'x64' ? [46, 47] : [211, 212];
    expect(ask(beside, on, sendmsg)).toBe('allow');
    expect(ask(beside, on, recvmsg)).toBe('allow');
  });

  test('threads are always allowed, processes only where children are', () => {
    const flags = [threadFlags, forkFlags, spawnFlags];
    const clone = (program: Uint8Array) => flags.map(flag => ask(program, on, 'clone', flag));
    expect(clone(noChildren)).toEqual(['allow', 'notPermitted', 'notPermitted']);
    expect(clone(children)).toEqual(['allow', 'allow', 'allow']);
    const fork = on === 'x64' ? ['notPermitted', 'allow'] : ['none', 'none'];
    expect([ask(noChildren, on, 'fork'), ask(children, on, 'fork')]).toEqual(fork);
  });

  test('no clone gets namespaces of its own, or a parent that is not its maker', () => {
    const flags = [0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000];
    for (const flag of [...flags, 0x4000_0000, 0x8000]) {
      expect(ask(children, on, 'clone', flag | 17)).toBe('notPermitted');
      expect(ask(noChildren, on, 'clone', flag | threadFlags)).toBe('notPermitted');
    }
  });

  test('a pair of sockets is of streams, and local', () => {
    const [unix, inet, stream, datagram, raw] = [1, 2, 1, 2, 3];
    const closingStream = stream | 0o2000000 | 0o4000;
    const pair = (program: Uint8Array, ...args: number[]) =>
      ask(program, on, 'socketpair', ...args);
    for (const program of [noChildren, children]) {
      expect(pair(program, unix, closingStream)).toBe('allow');
      expect(pair(program, unix, datagram)).toBe('notPermitted');
      expect(pair(program, unix, raw)).toBe('notPermitted');
      expect(pair(program, inet, stream)).toBe('notPermitted');
    }
  });

  test('nothing is typed into a terminal, whatever the upper half of the argument holds', () => {
    const ioctl = (request: number) => ask(noChildren, on, 'ioctl', 0, request);
    expect(ioctl(0x5412)).toBe('notPermitted');
    expect(ioctl(0x5412 + 2 ** 32)).toBe('notPermitted');
    expect(ioctl(0x541c)).toBe('notPermitted');
    expect(ioctl(0x5401)).toBe('allow');
  });

  test('the personality stays as it is', () => {
    const personality = (value: number) => ask(children, on, 'personality', value);
    expect([0, 0xffff_ffff, 0x40000].map(personality)).toEqual(['allow', 'allow', 'notPermitted']);
  });

  test('beside the host, other processes cannot be slowed, bounded or left behind', () => {
    const calls = [
      'prlimit64',
      'sched_setaffinity',
      'sched_setscheduler',
      'sched_setattr',
    ] as const;
    expect(calls.map(call => ask(beside, on, call, 0))).toEqual(calls.map(() => 'allow'));
    expect(calls.map(call => ask(beside, on, call, 7))).toEqual(calls.map(() => 'notPermitted'));
    expect(ask(beside, on, 'setpriority', 0, 0, 10)).toBe('allow');
    expect(ask(beside, on, 'setpriority', 0, 7, 10)).toBe('notPermitted');
    expect(ask(beside, on, 'setpriority', 2, 0, 10)).toBe('notPermitted');
    expect(ask(beside, on, 'setsid')).toBe('notPermitted');
    expect(ask(beside, on, 'shmget')).toBe('notPermitted');
    expect(ask(beside, on, 'prctl', 1, 0)).toBe('notPermitted');
    expect(ask(beside, on, 'prctl', 15, 0)).toBe('allow');
    expect(ask(children, on, 'setsid')).toBe('allow');
  });

  test('beside the host, modes and times are changed in words only', () => {
    expect(ask(beside, on, 'fchmodat')).toBe('pretend');
    expect(ask(beside, on, 'utimensat')).toBe('pretend');
    expect(ask(beside, on, 'fsetxattr')).toBe('pretend');
    expect(ask(children, on, 'fchmodat')).toBe('allow');
  });

  test('beside the host, only a file that is opened for writing is truncated', () => {
    const open = (flags: number) => ask(beside, on, 'openat', -100, 0, flags);
    const modes = [0o1000, 0o1003, 0o1001, 0o1102, 0o2000000];
    expect(modes.map(open)).toEqual(['notPermitted', 'notPermitted', 'allow', 'allow', 'allow']);
    expect(ask(beside, on, 'openat2')).toBe('notImplemented');
    expect(ask(beside, on, 'truncate')).toBe('notPermitted');
  });

  test('signals go to the process itself, and to nobody else', () => {
    const calls = ['kill', 'tkill', 'tgkill', 'rt_sigqueueinfo', 'rt_tgsigqueueinfo'] as const;
    for (const call of calls) {
      const targets = [1234, 1235, 0, -1, -1234];
      const answers = targets.map(target => ask(signals, on, call, target));
      expect(answers).toEqual(['allow', ...targets.slice(1).map(() => 'notPermitted')]);
    }
    expect(ask(signals, on, 'pidfd_send_signal')).toBe('notPermitted');
    expect(ask(signals, on, 'fcntl', 3, 8)).toBe('notPermitted');
    expect(ask(signals, on, 'fcntl', 3, 2)).toBe('allow');
    expect(ask(signals, on, 'ioctl', 3, 0x8901)).toBe('notPermitted');
  });

  test('a filter of signals that names nobody lets none through', () => {
    expect(ask(signalProgram(nobody, on), on, 'kill', 1234)).toBe('notPermitted');
  });

  test('no other instruction holds the number that stands for the own id', () => {
    const holding = (program: Uint8Array) =>
      instructionsOf(program).filter(({ constant }) => constant === nobody).length;
    expect(Object.values(all).map(holding)).toEqual(Object.keys(all).map(() => 0));
    expect(holding(signalProgram(nobody, on))).toBe(5);
  });
});

test('system calls from 424 on have one number everywhere', () => {
  const young = ['pidfd_send_signal', 'clone3', 'openat2', 'process_mrelease'] as const;
  for (const call of young) expect(callNumber(call, 'x64')).toBe(callNumber(call, 'arm64'));
});

test('only processors whose system calls are known get a program', () => {
  expect(['x64', 'arm64', 'ia32', 'riscv64', ''].map(isKnownArchitecture)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Probe } from '../probe.ts';
import { whyNoKeeper } from '../keeper.ts';
import type { Scene } from '../scene.ts';
import { step, type Argument, type Step } from '../systemCalls.ts';

/** For Node, through an addon; Python needs none. */
const calling = (
  name: string,
  steps: (scene: Scene) => readonly Step[],
  rest: Partial<Probe> = {},
): Probe => ({
  name,
  deed: 'systemCalls',
  args: scene => [steps(scene), scene.addon],
  ...rest,
});

/** What cannot be seen from outside. A tool that lies about it can accuse nobody but itself. */
const ifDone = (harm: string): Pick<Probe, 'harm'> => ({
  harm: async ({ answer }) => (answer.kind === 'done' ? harm : undefined),
});

const here = -100;
const readOnly = 0;
const readWrite = 2;
const result = (index: number): Argument => ({ result: index });
const reading = (file: string, index = 0) => [
  step('openat', here, file, readOnly),
  step('read', result(index), { out: 100 }, 100),
];

/** A file handle of the root of ext4: inode 2, of the first generation. */
const rootHandle = { hex: '08000000010000000200000000000000' };

export const kernel: readonly Probe[] = [
  calling('call-read-home', scene => reading(scene.notes)),
  calling('trace-other-process', ({ bystander }) => [step('ptrace', 16, bystander.pid)]),
  calling('call-read-other-memory', ({ bystander: { pid, stackEnd } }) => {
    const own = { words: [{ out: 4096 }, 4096] };
    return [step('process_vm_readv', pid, own, 1, { words: [stackEnd - 4096, 4096] }, 1)];
  }),
  calling('call-change-other-memory', ({ bystander: { pid, environmentBytes } }) => {
    const own = { words: ['changed', 7] };
    const other = { words: [environmentBytes, 7] };
    return [step('process_vm_writev', pid, own, 1, other, 1)];
  }),
  calling('take-other-descriptor', ({ bystander }) => [
    step('pidfd_open', bystander.pid, 0),
    step('pidfd_getfd', result(0), 3, 0),
    step('pread64', result(1), { out: 100 }, 100, 0),
  ]),
  calling('call-end-other-process', ({ bystander }) => [
    step('pidfd_open', bystander.pid, 0),
    step('pidfd_send_signal', result(0), 15, 0, 0),
  ]),
  // The next message on its own channel then kills. Python has moved that to another number.
  calling(
    'signal-by-descriptor',
    ({ bystander }) => [
      step('fcntl', 3, 10, 9), // F_SETSIG, SIGKILL
      step('fcntl', 3, 8, bystander.pid), // F_SETOWN
      step('fcntl', 3, 4, 0o20000 | 0o4000 | readWrite), // F_SETFL, O_ASYNC and O_NONBLOCK
    ],
    {
      runtimes: ['node'],
      isHeavy: true,
      harm: async ({ session }) => {
        await session.attempt('environment', []);
        return undefined;
      },
    },
  ),
  calling('join-other-namespace', scene => [
    step('openat', here, `/proc/${scene.bystander.pid}/ns/mnt`, readOnly),
    step('unshare', 0x200), // CLONE_FS: what is shared with other threads cannot join
    step('setns', result(0), 0),
    ...reading(scene.notes, 3),
  ]),
  calling('mount', ({ home }) => [step('mount', 'none', path.join(home, 'work'), 'tmpfs', 0, 0)]),
  calling('make-writable', ({ workspace }) => [
    step('mount', 'none', workspace, 'none', 0x20 | 0x1000, 0), // MS_REMOUNT, MS_BIND
    step('openat', here, path.join(workspace, 'source.js'), readWrite | 0o1000),
  ]),
  calling(
    'open-disk',
    scene => [
      step(
        'mknodat',
        here,
        path.join(os.tmpdir(), scene.keyName),
        0o060_600,
        fs.statSync(scene.home).dev,
      ),
      step('openat', here, path.join(os.tmpdir(), scene.keyName), readOnly),
    ],
    ifDone('it opened a disk'),
  ),
  calling('open-by-handle', scene => [
    step('openat', here, scene.workspace, readOnly),
    step('open_by_handle_at', result(0), rootHandle, readOnly),
    step('openat', result(1), scene.notes.slice(1), readOnly),
    step('read', result(2), { out: 100 }, 100),
  ]),
  calling('change-root', scene => [step('chroot', '/proc/self/root'), ...reading(scene.notes, 1)]),
  calling(
    'io-uring',
    () => [step('io_uring_setup', 4, { out: 120 })],
    ifDone('it has a way past the filter of system calls'),
  ),
  calling('leave-key', ({ keyName }) => [
    step('add_key', 'user', keyName, 'x', 1, -4), // the keyring of the user
    step('keyctl', 15, result(0), 5), // gone after five seconds
  ]),
  calling('leave-message-queue', ({ queueKey }) => [step('msgget', queueKey, 0o1600)]),
  calling('slow-other-process', ({ bystander }) => [step('setpriority', 0, bystander.pid, 19)]),
  calling('limit-other-process', ({ bystander }) => [
    step('prlimit64', bystander.pid, 7, { words: [9, 9] }, 0),
  ]),
  calling('pin-other-process', ({ bystander }) => [
    step('sched_setaffinity', bystander.pid, 8, { words: [1] }),
  ]),
  calling(
    'raise-own-limit',
    () => [step('prlimit64', 0, 2, { words: [-1, -1] }, 0)],
    ifDone('its private memory has no limit'),
  ),
  calling(
    'type-into-terminal',
    ({ keeper }) => [
      step('openat', here, keeper!.terminal, readWrite | 0o400),
      step('ioctl', result(0), 0x5412, 'x'),
    ],
    { whyNot: whyNoKeeper },
  ),
  {
    name: 'write-to-terminal',
    deed: 'change',
    args: ({ keeper }) => [keeper!.terminal],
    whyNot: whyNoKeeper,
  },
  calling(
    'packet-socket',
    () => [step('socket', 17, 3, 768)],
    ifDone('it sees the packets of other programs'),
  ),
  calling(
    'kernel-program',
    () => [step('bpf', 0, { words: [4 * 2 ** 32 + 2, 2 ** 32 + 4, 0, 0] }, 32)],
    ifDone('it can talk to programs in the kernel'),
  ),
];

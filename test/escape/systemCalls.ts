import process from 'node:process';

/** By processor: x64, arm64. */
const numbers = {
  openat: [257, 56],
  read: [0, 63],
  pread64: [17, 67],
  fcntl: [72, 25],
  ioctl: [16, 29],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  setns: [308, 268],
  unshare: [272, 97],
  mount: [165, 40],
  mknodat: [259, 33],
  open_by_handle_at: [304, 265],
  io_uring_setup: [425, 425],
  add_key: [248, 217],
  keyctl: [250, 219],
  msgget: [68, 186],
  setpriority: [141, 140],
  prlimit64: [302, 261],
  sched_setaffinity: [203, 122],
  chroot: [161, 51],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  socket: [41, 198],
} as const satisfies Readonly<Record<string, readonly [x64: number, arm64: number]>>;

/** A number, a text, bytes, what an earlier call answered, a structure of words, or bytes to be filled. */
export type Argument =
  | number
  | string
  | { readonly hex: string }
  | { readonly result: number }
  | { readonly words: readonly Argument[] }
  | { readonly out: number };

export interface Step {
  readonly name: string;
  readonly number: number;
  readonly args: readonly Argument[];
}

export function step(name: keyof typeof numbers, ...args: readonly Argument[]): Step {
  return { name, number: numbers[name][process.arch === 'arm64' ? 1 : 0], args };
}

export const architectures = ['x64', 'arm64'] as const;

/** Processors whose system calls are known here, by Node's names. */
export type Architecture = (typeof architectures)[number];

export function isKnownArchitecture(name: string): name is Architecture {
  return (architectures as readonly string[]).includes(name);
}

/** As the kernel names them to a filter: `AUDIT_ARCH_X86_64`, `AUDIT_ARCH_AARCH64`. */
export const auditNames: Readonly<Record<Architecture, number>> = {
  x64: 0xc000_003e,
  arm64: 0xc000_00b7,
};

/**
 * The first number after the system calls of Linux 6.1. What came later is answered as that kernel
 * would, and every program of today still runs there. The numbers of x32 lie beyond too.
 */
export const firstUnknownCall = 451;

const absent = undefined;

/** From the headers of Linux 6.1: `asm/unistd_64.h`, `asm-generic/unistd.h`. */
const numbers = {
  accept: [43, 202],
  accept4: [288, 242],
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bind: [49, 200],
  bpf: [321, 280],
  chmod: [90, absent],
  chown: [92, absent],
  chroot: [161, 51],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  clone: [56, 220],
  clone3: [435, 435],
  connect: [42, 203],
  delete_module: [176, 106],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchown: [93, 55],
  fchownat: [260, 54],
  fcntl: [72, 25],
  finit_module: [313, 273],
  fork: [57, absent],
  fremovexattr: [199, 16],
  fsconfig: [431, 431],
  fsetxattr: [190, 7],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  futimesat: [261, absent],
  init_module: [175, 105],
  inotify_add_watch: [254, 27],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  ioctl: [16, 29],
  ioperm: [173, absent],
  iopl: [172, absent],
  ioprio_set: [251, 30],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  kill: [62, 129],
  lchown: [94, absent],
  listen: [50, 201],
  lookup_dcookie: [212, 18],
  lremovexattr: [198, 15],
  lsetxattr: [189, 6],
  migrate_pages: [256, 238],
  modify_ldt: [154, absent],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  move_pages: [279, 239],
  mq_open: [240, 180],
  mq_unlink: [241, 181],
  msgctl: [71, 187],
  msgget: [68, 186],
  msgrcv: [70, 188],
  msgsnd: [69, 189],
  name_to_handle_at: [303, 264],
  nfsservctl: [180, 42],
  open: [2, absent],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  openat: [257, 56],
  openat2: [437, 437],
  perf_event_open: [298, 241],
  personality: [135, 92],
  pidfd_getfd: [438, 438],
  pidfd_open: [434, 434],
  pidfd_send_signal: [424, 424],
  pivot_root: [155, 41],
  prctl: [157, 167],
  prlimit64: [302, 261],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  removexattr: [197, 14],
  request_key: [249, 218],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  sched_setaffinity: [203, 122],
  sched_setattr: [314, 274],
  sched_setparam: [142, 118],
  sched_setscheduler: [144, 119],
  semctl: [66, 191],
  semget: [64, 190],
  semop: [65, 193],
  semtimedop: [220, 192],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  setpgid: [109, 154],
  setpriority: [141, 140],
  setsid: [112, 157],
  settimeofday: [164, 170],
  setxattr: [188, 5],
  shmat: [30, 196],
  shmctl: [31, 195],
  shmget: [29, 194],
  socket: [41, 198],
  socketpair: [53, 199],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  tgkill: [234, 131],
  tkill: [200, 130],
  truncate: [76, 45],
  umount2: [166, 39],
  unshare: [272, 97],
  uselib: [134, absent],
  userfaultfd: [323, 282],
  utime: [132, absent],
  utimensat: [280, 88],
  utimes: [235, absent],
  vfork: [58, absent],
  vhangup: [153, 58],
} as const satisfies Readonly<Record<string, readonly [x64: number, arm64: number | undefined]>>;

export type SystemCall = keyof typeof numbers;

/** Undefined where the processor has no such call, as arm64 has no `fork`. */
export function callNumber(name: SystemCall, architecture: Architecture): number | undefined {
  return numbers[name][architectures.indexOf(architecture)];
}

import { expect, test } from 'vitest';
import { bubblewrapCommand } from '../../../../extension/confinement/bubblewrap.ts';
import type { ConfinementPlan } from '../../../../extension/confinement/confinementPlan.ts';

const bubblewrap = { program: '/usr/bin/bwrap', flags: ['--disable-userns'] };
const system = { real: ['/usr'], links: [{ path: '/bin', target: 'usr/bin' }] };
const command = { program: '/opt/node/bin/node', args: ['--flag', '/ext/worker.cjs'] };
const plan: ConfinementPlan = {
  workspace: '/home/me/a b:ü',
  readable: ['/ext', '/home/me/a b:ü', '/opt/node/bin', '/usr/lib/node_modules'],
  links: [
    { path: '/home/me/link', target: 'a b:ü' },
    { path: '/bin/node', target: '/opt/node/bin/node' },
    { path: '/home/me/a b:ü/node_modules/x', target: '../x' },
  ],
  writable: ['/dev/shm/greenroom-1/s1'],
  scratch: '/tmp',
  needsChildren: false,
  needsScratch: true,
  limits: { dataBytes: 1_000, fileBytes: 2_000, processes: 30, niceness: 5 },
};

const built = (changes: Partial<ConfinementPlan> = {}, hasFilter = true) =>
  bubblewrapCommand(bubblewrap, command, { ...plan, ...changes }, system, hasFilter);

/** Where in the arguments these follow each other. */
function at(args: readonly string[], ...wanted: readonly string[]): number {
  return args.findIndex((_, index) => wanted.every((word, n) => args[index + n] === word));
}

test('every namespace is its own, without privileges and without new ones', () => {
  const { program, args } = built();
  expect(program).toBe('/usr/bin/bwrap');
  for (const name of ['user', 'pid', 'net', 'ipc', 'uts'])
    expect(args).toContain(`--unshare-${name}`);
  for (const flag of ['--disable-userns', '--die-with-parent', '--new-session']) {
    expect(args).toContain(flag);
  }
  expect(at(args, '--cap-drop', 'ALL')).toBeGreaterThan(0);
});

test('what it reads is read-only, and only its shared memory can be written', () => {
  const { args } = built();
  for (const place of ['/usr', '/ext', '/home/me/a b:ü', '/opt/node/bin']) {
    expect(at(args, place, place)).toBeGreaterThan(0);
    expect(args[at(args, place, place) - 1]).toMatch(/^--ro-bind(-try)?$/u);
  }
  expect(args).not.toContain('--bind');
  const own = args.flatMap((word, index) => (word === '--tmpfs' ? [args[index + 1]] : []));
  expect(own).toEqual(['/tmp', '/dev/shm/greenroom-1/s1']);
  for (const folder of own) expect(args[at(args, '--tmpfs', folder!) - 2]).toBe('--size');
  expect(at(args, '--remount-ro', '/')).toBeGreaterThan(at(args, '--tmpfs', own[1]!));
  expect(at(args, '--remount-ro', '/proc')).toBeGreaterThan(0);
});

test('links are made where paths are known by them, not in what is there already', () => {
  const { args } = built();
  expect(at(args, '--symlink', 'a b:ü', '/home/me/link')).toBeGreaterThan(0);
  expect(args).not.toContain('/bin/node');
  expect(args).not.toContain('/home/me/a b:ü/node_modules/x');
});

test('the program runs in the workspace, within bounds, behind the filter', () => {
  const { args } = built();
  expect(at(args, '--chdir', '/home/me/a b:ü')).toBeGreaterThan(0);
  expect(at(args, '--seccomp', '5')).toBeGreaterThan(0);
  const tail = args.slice(args.indexOf('--') + 1);
  expect(tail.slice(0, 4)).toEqual(['/usr/bin/prlimit', '--data=1000', '--fsize=2000', '--core=0']);
  expect(tail.slice(-3)).toEqual([command.program, ...command.args]);
});

test('processes are bounded for a tool that may start some', () => {
  expect(built().args.join(' ')).not.toContain('--nproc');
  expect(built({ needsChildren: true }).args).toContain('--nproc=30');
});

test('without a filter there is no descriptor to read it from', () => {
  expect(built({}, false).args).not.toContain('--seccomp');
});

test('a workspace of which only parts are shown is empty else, and cannot be written', () => {
  const { args } = built({ workspace: '/home/me', readable: ['/home/me/notes', '/ext'] });
  const own = at(args, '--tmpfs', '/home/me');
  expect(own).toBeGreaterThan(0);
  expect(at(args, '--ro-bind-try', '/home/me/notes')).toBeGreaterThan(own);
  expect(at(args, '--remount-ro', '/home/me')).toBeGreaterThan(at(args, '/home/me/notes'));
});

test('a tool that keeps no temporary files cannot write any', () => {
  expect(at(built().args, '--remount-ro', '/tmp')).toBe(-1);
  expect(at(built({ needsScratch: false }).args, '--remount-ro', '/tmp')).toBeGreaterThan(0);
});

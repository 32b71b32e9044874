import { expect, test } from 'vitest';
import { permissionModelFlags } from '../../../../extension/confinement/permissionModel.ts';

const plan = {
  readable: ['/home/zoë/a, b', '/opt/node/bin'],
  links: [{ path: '/home/zoë/link', target: '/home/zoë/a, b' }],
  writable: ['/dev/shm/greenroom-1', '/tmp/scratch'],
  needsChildren: false,
} as const;

test('each path is an argument of its own, links among them', () => {
  expect(permissionModelFlags(24, plan)).toEqual([
    '--permission',
    '--allow-fs-read=/home/zoë/a, b',
    '--allow-fs-read=/opt/node/bin',
    '--allow-fs-read=/home/zoë/link',
    '--allow-fs-read=/dev/shm/greenroom-1',
    '--allow-fs-read=/tmp/scratch',
    '--allow-fs-write=/dev/shm/greenroom-1',
    '--allow-fs-write=/tmp/scratch',
    '--allow-addons',
    '--allow-worker',
  ]);
});

test.each([
  [20, '--experimental-permission'],
  [21, '--experimental-permission'],
  [22, '--permission'],
  [25, '--permission'],
])('Node %i is told by %s', (major, flag) => {
  expect(permissionModelFlags(major, plan)[0]).toBe(flag);
});

test('only a tool that needs children may start some', () => {
  expect(permissionModelFlags(24, plan)).not.toContain('--allow-child-process');
  const flags = permissionModelFlags(24, { ...plan, needsChildren: true });
  expect(flags).toContain('--allow-child-process');
});

test('the network is never allowed', () => {
  expect(permissionModelFlags(25, plan).join()).not.toContain('net');
});

test('a path that the model would take for a pattern is refused', () => {
  expect(() => permissionModelFlags(24, { ...plan, readable: ['/home/*'] })).toThrow(
    expect.objectContaining({ code: 'session.launch' }),
  );
});

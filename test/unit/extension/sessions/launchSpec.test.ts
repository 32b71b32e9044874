import { expect, test } from 'vitest';
import type { ConfinementWish } from '../../../../extension/confinement/confinementPlan.ts';
import { assertSameLaunch, type LaunchSpec } from '../../../../extension/sessions/launchSpec.ts';

const spec: LaunchSpec = {
  executable: 'node',
  workerPath: 'worker.cjs',
  cwd: '/',
  environment: { HOME: '/home', SECRET: 'x' },
  memoryLimitMb: 512,
  keepaliveMs: 1,
};

class Point {}

const passing = (type: string | typeof Point, objects?: 'value' | 'reference') => ({
  passing: { types: [{ type, passing: 'value' as const }], objects },
});

const confined = (wish: Partial<ConfinementWish>) => ({
  confinement: {
    demands: [],
    workspace: '/',
    readable: [],
    needsChildren: false,
    needsScratch: false,
    ...wish,
  },
});

test('the same options are no conflict, in whatever order they are told', () => {
  const environment = { SECRET: 'x', HOME: '/home' };
  assertSameLaunch(
    'a',
    { ...spec, ...passing(Point) },
    { ...spec, environment, ...passing(Point) },
  );
});

test.each<[Partial<LaunchSpec>, Partial<LaunchSpec>, string]>([
  [{}, { cwd: '/a' }, "share key 'mine' runs with other options: cwd is /, asked for /a"],
  [{}, { environment: { HOME: '/b' } }, 'environment is [HOME, SECRET], asked for [HOME]'],
  [passing('A'), passing('B'), 'policies is [A by value], asked for [B by value]'],
  [passing(Point), passing('Point'), '[Point by value], asked for others of the same names'],
  [
    passing(Point),
    passing(Point, 'reference'),
    'policies is [Point by value], asked for [Point by value, objects by reference]',
  ],
  [
    confined({}),
    confined({ needsChildren: true }),
    'confinement.needsChildren is false, asked for true',
  ],
  [
    confined({}),
    confined({ demands: ['read'] }),
    'confinement.mode is preferred, asked for required',
  ],
  [{}, confined({}), 'confinement is off, asked for on'],
  [{}, { runtime: 'python', executable: '/p' }, 'runtime is node, asked for python'],
  [{}, passing(Point), 'policies is none, asked for [Point by value]'],
])('other options are named: %#', (running, asked, message) => {
  const conflict = () => assertSameLaunch('mine', { ...spec, ...running }, { ...spec, ...asked });
  expect(conflict).toThrow(message);
  expect(conflict).toThrow(expect.objectContaining({ code: 'session.conflict' }) as Error);
});

test('two classes are two rules', () => {
  const other = passing(class extends Point {});
  const conflict = () =>
    assertSameLaunch('a', { ...spec, ...passing(Point) }, { ...spec, ...other });
  expect(conflict).toThrow('policies is [Point by value]');
});

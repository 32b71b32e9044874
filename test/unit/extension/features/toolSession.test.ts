import { expect, test } from 'vitest';
import { pythonSession } from '../../../../extension/features/python/pythonSession.ts';
import { toolSession } from '../../../../extension/features/toolSession.ts';

const settings = {
  nodePath: '',
  confinement: 'off',
  memoryLimitMb: 512,
  keepaliveMs: 1_000,
  minReplicas: 2,
  maxReplicas: 4,
  sessionsEnabled: false,
} as never;
const base = { executable: '/node', workerPath: '/worker', environment: {} };
const tool = {
  name: 'eslint',
  directory: '/app/node_modules/eslint',
  origin: 'project',
  root: '/app',
  ignoreRoots: [],
  trusted: true,
} as const;

test.each([
  ['a tool of Node', toolSession({ ...tool, ignoreRoots: [] }, '9.0.0', settings, base)],
  ['Python tools', pythonSession('lint', ['pylint'], '/python', '/app', settings, base)],
])('a session of %s follows the settings that hold for all', (_, request) => {
  expect(request).toMatchObject({
    label: 'app',
    launch: { cwd: '/app', memoryLimitMb: 512, keepaliveMs: 1_000 },
    replicas: { min: 2, max: 4 },
    isOneShot: true,
  });
});

test('another interpreter or version takes the place of the one before, for the same folder', () => {
  const python = (interpreter: string, root = '/app') =>
    pythonSession('lint', ['pylint'], interpreter, root, settings, base);
  expect(python('/a').family).toBe(python('/b').family);
  expect(python('/a').family).not.toBe(python('/a', '/other').family);
  const eslint = (version: string, directory = tool.directory as string) =>
    toolSession({ ...tool, directory, ignoreRoots: [] }, version, settings, base);
  expect(eslint('9.0.0').family).toBe(eslint('9.1.0').family);
  expect(eslint('9.0.0').family).not.toBe(eslint('9.0.0', '/elsewhere').family);
});

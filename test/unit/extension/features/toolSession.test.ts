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
const python = { interpreter: '/python', packages: '' };
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
  ['Python tools', pythonSession('lint', ['pylint'], python, '/app', settings, base)],
])('a session of %s follows the settings that hold for all', (_, request) => {
  expect(request).toMatchObject({
    label: 'app',
    launch: { cwd: '/app', memoryLimitMb: 512, keepaliveMs: 1_000 },
    replicas: { min: 2, max: 4 },
    isOneShot: true,
  });
});

test('another interpreter, version or package takes the place of the one before, for the same folder', () => {
  const lint = (changes: Partial<typeof python>, root = '/app') =>
    pythonSession('lint', ['pylint'], { ...python, ...changes }, root, settings, base);
  for (const changes of [{ interpreter: '/b' }, { packages: 'others' }]) {
    expect(lint(changes).family).toBe(lint({}).family);
    expect(lint(changes).key).not.toBe(lint({}).key);
  }
  expect(lint({}).family).not.toBe(lint({}, '/other').family);
  const eslint = (version: string, directory = tool.directory as string) =>
    toolSession({ ...tool, directory, ignoreRoots: [] }, version, settings, base);
  expect(eslint('9.0.0').family).toBe(eslint('9.1.0').family);
  expect(eslint('9.0.0').family).not.toBe(eslint('9.0.0', '/elsewhere').family);
});

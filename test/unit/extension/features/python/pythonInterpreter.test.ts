import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { PythonInterpreters } from '../../../../../extension/features/python/pythonInterpreter.ts';
import { createLog } from '../../../../../extension/log/log.ts';
import * as fake from '../../../../support/fakeVSCode.ts';
import { ManualClock } from '../../../../support/manualPlatform.ts';
import { Project } from '../../../../support/project.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Extension {
  readonly isActive?: boolean;
  readonly exports?: unknown;
  readonly activate?: () => Promise<unknown>;
}

/** A folder without an environment, an interpreter on the PATH, and this Python extension. */
function open(extension: Extension) {
  const project = new Project({ 'bin/python3': '', 'chosen/python': '' });
  onTestFinished(() => project[Symbol.dispose]());
  vi.stubEnv('PATH', project.path('bin'));
  vi.spyOn(fake.extensions, 'getExtension').mockReturnValue(extension as never);
  const logged: string[] = [];
  const clock = new ManualClock();
  const log = createLog((_level, line) => logged.push(line));
  const interpreters = new PythonInterpreters(clock, log);
  const settings = { pythonInterpreter: '' } as never;
  const find = () => interpreters.find(project.root, settings, {} as never);
  return {
    find,
    logged,
    clock,
    ofPath: project.path('bin/python3'),
    chosen: project.path('chosen/python'),
  };
}

const api = (resolveEnvironment: () => unknown) => ({
  environments: { getActiveEnvironmentPath: () => 'active', resolveEnvironment },
});

const resolved = (program: string) => ({ executable: { uri: { fsPath: program } } });

describe('the interpreter', () => {
  test('is the one that the Python extension tells, which is started for it', async () => {
    const activate = vi.fn(() => Promise.resolve(api(() => resolved(chosen))));
    const { find, logged, chosen } = open({ activate });
    expect(await find()).toBe(chosen);
    expect([activate.mock.calls.length, logged]).toEqual([1, []]);
  });

  test.each<[string, Extension]>([
    ['exports nothing', { isActive: true }],
    ['knows no environments', { isActive: true, exports: {} }],
    ['cannot resolve them', { isActive: true, exports: { environments: {} } }],
    ['has chosen none', { isActive: true, exports: api(() => undefined) }],
  ])('is that of the PATH where the Python extension %s', async (_, extension) => {
    const { find, logged, ofPath } = open(extension);
    expect(await find()).toBe(ofPath);
    expect(logged).toEqual([]);
  });

  const fail = () => Promise.reject(new Error('broken'));

  test.each<[string, Extension]>([
    ['start', { activate: fail }],
    ['tell', { isActive: true, exports: api(fail) }],
  ])(
    'is that of the PATH where the Python extension fails to %s, which is logged once',
    async (_, extension) => {
      const { find, logged, ofPath } = open(extension);
      expect([await find(), await find()]).toEqual([ofPath, ofPath]);
      expect(logged).toEqual(['the Python extension did not tell its interpreter error="broken"']);
    },
  );

  test.each(['start', 'tell'])(
    'is that of the PATH where the Python extension takes too long to %s, until it has',
    async what => {
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<unknown>();
      const hang = () => {
        asked.resolve();
        return answer.promise;
      };
      const extension: Extension =
        what === 'start' ? { activate: hang } : { isActive: true, exports: api(hang) };
      const { find, logged, clock, ofPath, chosen } = open(extension);
      const first = find();
      await asked.promise;
      clock.advance(5_000);
      expect(await first).toBe(ofPath);
      expect(await find()).toBe(ofPath); // nobody waits a second time
      expect(logged).toEqual([
        'the Python extension did not tell its interpreter error="no answer within 5000 ms"',
      ]);
      answer.resolve(what === 'start' ? api(() => resolved(chosen)) : resolved(chosen));
      await new Promise(resolve => setImmediate(resolve));
      expect(await find()).toBe(chosen);
      expect(clock.pending).toBe(0);
    },
  );
});

import { describe, expect, test } from 'vitest';
import { openGreenroom } from '../../extension/api.ts';
import { describePython } from '../support/python/pythonSession.ts';
import { Project } from '../support/project.ts';
import { workerPath } from '../support/sessions.ts';

interface Steps {
  readonly step: (name: string, ...after: unknown[]) => string;
  readonly slow: (ms: number) => void;
  readonly history: () => readonly string[];
  Counter: new () => { increment(): unknown };
}

const inNode = `
  const names = [];
  export const step = name => (names.push(name), name);
  export const slow = ms => {
    const endsAt = performance.now() + ms;
    while (performance.now() < endsAt);
    names.push('slow');
  };
  export const history = () => names;
  export class Counter {
    increment() {
      names.push('increment');
      return this;
    }
  }`;

const inPython = `
import time
names = []
def step(name, *after):
    names.append(name)
    return name
def slow(ms):
    time.sleep(ms / 1_000)
    names.append('slow')
def history():
    return names
class Counter:
    def increment(self):
        names.append('increment')
        return self
`;

const runtimes = [
  { runtime: 'node', file: 'steps.mjs', source: inNode, describe },
  { runtime: 'python', file: 'steps.py', source: inPython, describe: describePython },
] as const;

for (const { runtime, file, source, describe } of runtimes) {
  describe(`calls of a ${runtime} module run in the order they were made`, () => {
    async function historyAfter(use: (steps: Steps) => void): Promise<readonly string[]> {
      using project = new Project({ [file]: source });
      await using greenroom = openGreenroom({ workerPath });
      const options = { shareKey: 'steps', cwd: project.root, runtime } as const;
      const session = await greenroom.openSession({ ...options, confinement: { mode: 'off' } });
      const steps = session.load<Steps>(project.path(file));
      use(steps as unknown as Steps);
      return await steps.history();
    }

    test('one that uses the result of the one before it, ahead of those made later', async () => {
      const use = ({ step }: Steps) => {
        step('b', step('a'));
        step('c');
      };
      expect(await historyAfter(use)).toEqual(['a', 'b', 'c']);
    });

    test('also when the turn of the worker is over in between', async () => {
      const use = ({ slow, step }: Steps) => {
        slow(20);
        step('b', step('a'));
        step('c');
      };
      expect(await historyAfter(use)).toEqual(['slow', 'a', 'b', 'c']);
    });

    test('also when the first starts in a turn of its own', async () => {
      const use = ({ step }: Steps) => {
        const traced = step as unknown as { with(options: object): Steps['step'] };
        step('b', traced.with({ deadlineMs: 60_000 })('a'));
        step('c');
      };
      expect(await historyAfter(use)).toEqual(['a', 'b', 'c']);
    });

    test('also when there are thousands', async () => {
      const pairs = 1_900;
      const use = ({ Counter }: Steps) => {
        for (let n = 0; n < pairs; n++) new Counter().increment();
      };
      expect(await historyAfter(use)).toHaveLength(pairs);
    });
  });
}

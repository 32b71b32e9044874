import { expect, test } from 'vitest';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { failureOf, type Remote } from '../../support/remote.ts';

const program = supportProgram('fewValues.py');

/** What fewValues.py offers, whose messages weigh 1,000 at most. */
interface Root {
  numbers(): { double(number: number): number };
  call_back(callback: (number: number) => number, items: number): number[];
}

/** Items of a batch with one number each weigh 65: the number 1, the rest 64. */
const most = 15;

describePython('the items of a batch have a weight', () => {
  const root = (session: PythonSession) => session.connection.root as Remote<Root>;
  const argumentsOf = (items: number) => Array.from({ length: items }, (_, n): [number] => [n]);
  const doubles = argumentsOf(most).map(([n]) => 2 * n);

  test('when a worker reads them', async () => {
    await using session = new PythonSession({ program });
    const { double } = root(session).numbers();
    expect(await double.batch(argumentsOf(most))).toEqual(doubles);
    await failureOf(double.batch(argumentsOf(most + 1)));
    expect(await session.process.exited).toEqual({ code: 1, signal: null });
    expect(session.process.output.stderr).toContain('a message has too many values');
  });

  test('when a worker writes them', async () => {
    await using session = new PythonSession({ program });
    const { call_back } = root(session);
    expect(await call_back(n => 2 * n, most)).toEqual(doubles);
    expect(await failureOf(call_back(n => 2 * n, most + 1))).toMatchObject({
      code: 'frame.tooLarge',
      message: 'a message has too many values; send it in parts',
    });
    expect(await call_back(n => 2 * n, 2)).toEqual([0, 2]);
  });
});

import { afterAll, expect, test } from 'vitest';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { Project } from '../../support/project.ts';

const source = `
from greenroom_worker import by_value

held = []

def hold(callback):
    held.append(callback.later())

def let_go():
    held.pop().release()

def use_in_vain(callback):
    """Ends as the callback fails; the call that would have used that was never made."""
    result = callback.later()
    try:
        callback.later(result, by_value(lambda: 1))
    except Exception:
        pass

def pass_on(callback, use):
    use.later(callback.later())

def look_at(callback, wait):
    result = callback.later()
    wait()
    try:
        callback.later(result)
    except Exception:
        pass
`;

type Callback = (...args: unknown[]) => unknown;
type Api = { let_go(): void } & Record<'hold' | 'use_in_vain', (callback: Callback) => void> &
  Record<'pass_on' | 'look_at', (callback: Callback, other: Callback) => void>;

const project = new Project({ 'calls.py': source });
afterAll(() => project[Symbol.dispose]());
const load = (session: PythonSession) => session.load<Api>(project.path('calls.py'));

describePython('a failure that nobody has looked at', () => {
  test('of a call whose result nobody asks for is told in the log', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    await workshop.fails_unseen(() => {
      throw new Error('unseen');
    });
    await session.process.prints('stderr', /^Warning: 'the function' failed.+: unseen$/mu);
  });

  test('is told in the log a hundred times a minute', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const failing = (n: number) => {
      throw new Error(`unseen ${n}`);
    };
    await workshop.fails_unseen(failing, 150);
    await workshop.wait_for(() => 0); // which is answered after all of them
    await workshop.print_lines();
    const printed = await session.process.prints('stderr', /[^]*to standard error/u);
    expect(printed[0].match(/^Warning: .+: unseen \d+$/gmu)).toHaveLength(100);
    expect(printed[0].match(/^Warning: more calls fail .+$/gmu)).toHaveLength(1);
  });

  const unseen = () => {
    throw new Error('unseen');
  };
  const oneLine = /^Warning: 'the function' failed[^\n]+: unseen\n$/u;

  /** What the worker has written when it has been told goodbye, and gone. */
  async function writtenBy(session: PythonSession): Promise<string> {
    session.connection.sayBye();
    await session.process.exited;
    return session.process.output.stderr;
  }

  test('is told when the session ends, if not before', async () => {
    await using session = new PythonSession();
    await load(session).hold(unseen);
    await session.root.live(); // after the callback has been answered
    expect(await writtenBy(session)).toMatch(oneLine);
  });

  test('is told once its result is given back, and once only', async () => {
    await using session = new PythonSession();
    await load(session).hold(unseen);
    await session.root.live();
    await load(session).let_go();
    await session.process.prints('stderr', /unseen\n/u);
    expect(await writtenBy(session)).toMatch(oneLine);
  });

  test('is told though another call was to use the result, if that could not be sent', async () => {
    await using session = new PythonSession();
    await load(session).use_in_vain(unseen);
    await session.root.live();
    expect(await writtenBy(session)).toMatch(oneLine);
  });

  test('is told once where another call has used the result', async () => {
    await using session = new PythonSession();
    await load(session).pass_on(unseen, () => 0);
    await session.root.live();
    expect(await writtenBy(session)).toMatch(oneLine);
  });

  test('is not told where a call that was to use the result has raised it', async () => {
    await using session = new PythonSession();
    await load(session).look_at(unseen, () => 0);
    await session.root.live();
    expect(await writtenBy(session)).toBe('');
  });
});

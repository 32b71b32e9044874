import { afterAll, expect, test } from 'vitest';
import type { LiveCounts } from '../../../server/shared/rpc/connection.ts';
import { noneLive } from '../../support/loopback.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { Project } from '../../support/project.ts';
import { failureOf } from '../../support/remote.ts';

const source = `
import gc, time, weakref
from greenroom_worker.kept_results import KeptResults
from greenroom_worker.values.later import Later

class Local:
    pass

def call(callback, value=None):
    return callback(value)

def ask_later(callback, value):
    result = callback.later(value)
    time.sleep(0.01)
    return result.get()

def ask_later_by(callback, depth):
    return callback.later(depth).get() if depth else 0

def echo(value):
    return value

def give_later(callback):
    return callback.later()

def keeps_its_locals(callback, how):
    """Whether what a function had is still there when it has failed for the sake of a result."""
    kept = []

    def fail():
        local = Local()
        kept.append(weakref.ref(local))
        with callback.later() as result:
            return result.get() if how == 'got' else callback(result)

    try:
        fail()
    except Exception:
        pass
    gc.collect()
    return kept[0]() is not None

class Cleanup:
    def __init__(self):
        self.begun = 0

    def run(self, callback, wraps):
        self.begun += 1
        try:
            callback()
        except BaseException as error:
            if wraps:
                raise ValueError('wrapped') from error

def keeps_what_waited(how):
    """Whether what a call would have been made with is there when it does not wait any more."""
    kept = KeptResults()
    result = kept.keep(1, 'f', None)
    local = Local()
    later = Later(1)
    args = [later, local]
    later.owner, later.key = args, 0
    stop = kept.fill([later], lambda failure: None)
    ref = weakref.ref(local)
    gc.disable()
    if how == 'given up':
        stop()
    else:
        result.fail({'name': 'Error', 'message': 'no'})
    del local, args
    gc.enable()
    return ref() is not None
`;

type Callback = (value: never) => unknown;

interface Waits {
  call(callback: Callback, value?: unknown): unknown;
  ask_later(callback: Callback, value: unknown): unknown;
  ask_later_by(callback: Callback, depth: number): unknown;
  echo(value: unknown): unknown;
  give_later(callback: Callback): unknown;
  keeps_its_locals(callback: Callback, how: 'got' | 'passed on'): boolean;
  keeps_what_waited(how: 'given up' | 'failed'): boolean;
  Cleanup: new () => { begun: number; run(callback: Callback, wraps: boolean): void };
}

const project = new Project({ 'waits.py': source });
afterAll(() => project[Symbol.dispose]());
const load = (session: PythonSession) => session.load<Waits>(project.path('waits.py'));
const fail = () => {
  throw new Error('no');
};

describePython('a Python call that waits for the host', () => {
  /** Beyond the depth from which on a worker prefers what has come last. */
  const many = 40;

  test('is answered however many wait, with a callback that calls again', async () => {
    await using session = new PythonSession();
    const waits = load(session);
    const again = async (value: number) => await waits.echo(value);
    const calls = Array.from({ length: many }, (_, n) => waits.ask_later(again, n));
    expect(await Promise.all(calls)).toEqual(calls.map((_, n) => n));
  });

  test('is answered however deep it lies', async () => {
    await using session = new PythonSession();
    const waits = load(session);
    const deeper: Callback = (depth: number) => waits.ask_later_by(deeper, depth - 1);
    expect(await waits.ask_later_by(deeper, many)).toBe(0);
  });

  test('is answered when all wait for a call that was made behind them', async () => {
    await using session = new PythonSession();
    const waits = load(session);
    const { promise, resolve } = Promise.withResolvers<void>();
    const calls = Array.from({ length: many }, () => waits.call(() => promise));
    await waits.echo(1).then(() => resolve());
    expect(await Promise.all(calls)).toHaveLength(many);
  });

  test('and is given up while another one runs above it is answered at once', async () => {
    await using session = new PythonSession();
    const waits = load(session);
    const controller = new AbortController();
    const [asked, above] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const never = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const below = failureOf(waits.call.with({ signal: controller.signal })(never));
    await asked.promise;
    const answered = waits.call(async () => {
      controller.abort();
      expect(await below).toMatchObject({ code: 'call.cancelled' });
      await above.promise;
    });
    await below;
    await expect.poll(() => session.connection.live.calls).toBe(1); // the one above
    above.resolve();
    await answered;
  });
});

describePython('a result that failed', () => {
  test.each(['got', 'passed on'] as const)('keeps nothing of who has %s it', async how => {
    await using session = new PythonSession();
    expect(await load(session).keeps_its_locals(fail, how)).toBe(false);
  });

  test('is forgotten when the host has heard of it', async () => {
    await using session = new PythonSession();
    const waits = load(session);
    const given = waits.give_later(fail);
    await waits.echo(1);
    await failureOf(given);
    const results = async (): Promise<LiveCounts['results']> => {
      return (await session.live()).worker.results;
    };
    await expect.poll(results).toBe(noneLive.results);
  });
});

describePython('a Python batch that is cancelled', () => {
  test.each([
    ['ends an item as if nothing were', false],
    ['makes something else of it', true],
  ])('runs no further items when one %s', async (_how, wraps) => {
    await using session = new PythonSession();
    const cleanup = new (load(session).Cleanup)();
    const controller = new AbortController();
    const abort = () => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const items = [1, 2, 3].map((): [Callback, boolean] => [abort, wraps]);
    const options = { settle: true, signal: controller.signal } as const;
    expect(await failureOf(cleanup.run.batch(items, options))).toMatchObject({
      code: 'call.cancelled',
    });
    await expect.poll(async () => (await session.live()).worker.served).toBe(0);
    expect(await cleanup.begun).toBe(1);
  });
});

describePython('a Python call that waited for a result', () => {
  test.each(['given up', 'failed'] as const)('keeps nothing when that is %s', async how => {
    await using session = new PythonSession();
    expect(await load(session).keeps_what_waited(how)).toBe(false);
  });
});

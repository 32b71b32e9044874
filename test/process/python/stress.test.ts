import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectGarbage } from '../../support/garbage.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { nothingLive } from '../../support/loopback.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import type { RemoteMethod } from '../../support/remote.ts';

const action = fc.constantFrom(
  'echo',
  'fail',
  'callBack',
  'nested',
  'batch',
  'pipeline',
  'object',
  'spin',
  'sleep',
  'thread',
  'bytes',
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** Does one thing, and answers whether it ended as it should. */
async function act(workshop: Workshop, what: Action, n: number): Promise<unknown> {
  const methods = workshop as unknown as { [name in keyof Workshop]: RemoteMethod<unknown> };
  const { echo, fail, call_back, add, spin, sleep, call_back_from_thread, mirror } = methods;
  const cancelling = (method: RemoteMethod<unknown>, ...rest: unknown[]) => {
    const controller = new AbortController();
    const call = method.with({ signal: controller.signal })(() => controller.abort(), ...rest);
    return call.then(undefined, ({ code }: { code: string }) => code);
  };
  switch (what) {
    case 'echo':
      return (await echo(n)) === n;
    case 'fail':
      return fail('no').then(undefined, () => true);
    case 'callBack':
      return ((await call_back((m: number) => m, 3)) as unknown[]).length === 3;
    case 'nested':
      return ((await call_back((m: number) => echo(m), 3)) as unknown[]).length === 3;
    case 'batch':
      return ((await add.batch([1, 2].map(m => [n, m]))) as number[])[1] === n + 2;
    case 'pipeline':
      return (await add(add(n, 1), echo(2))) === n + 3;
    case 'object': {
      using counter = await (new workshop.Counter(n) as unknown as PromiseLike<Disposable>);
      return (await (counter as unknown as { increment(): unknown }).increment()) === n + 1;
    }
    case 'spin':
      return (await cancelling(spin)) === 'call.cancelled';
    case 'sleep':
      return (await cancelling(sleep, 3_600)) === 'call.cancelled';
    case 'thread':
      return ((await call_back_from_thread((m: number) => m)) as number[])[0] === 5;
    case 'bytes':
      return ((await mirror(new Uint8Array(100_000))) as Uint8Array[])[0]!.length === 100_000;
  }
}

describePython('everything at once', () => {
  test('ends as it should, and leaves nothing behind', async () => {
    await using session = new PythonSession({ hasSegments: true });
    {
      using loaded = session.load<Workshop>(workshopFile);
      using workshop = await (loaded as unknown as PromiseLike<Workshop & Disposable>);
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 30 }), async actions => {
          const ends = await Promise.all(actions.map((what, n) => act(workshop, what, n)));
          expect(ends).toEqual(actions.map(() => true));
        }),
        { numRuns: 60 },
      );
    }
    const liveOnceCollected = () => {
      collectGarbage(); // results that nobody has awaited are the host's until then
      return session.live();
    };
    await expect.poll(liveOnceCollected).toEqual(nothingLive);
    expect(session.stuckCalls).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { nothingLive } from '../../support/loopback.ts';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { failureOf, type RemoteMethod } from '../../support/remote.ts';

type Callback = (...args: never[]) => unknown;

/** What races.py holds. */
interface Races {
  got_while_passed(give: Callback, take: Callback): unknown;
  got_while_called(give: Callback): unknown;
  got_while_refused(give: Callback, take: Callback): unknown;
  got_before_used(give: Callback, take: Callback): unknown;
  released_while_passed(give: Callback, take: Callback): unknown;
  crowd(callback: Callback, threads: number): void;
  crowded_out(callback: Callback): () => boolean;
  pulled_when_crowded(give: Callback, callback: Callback): () => number;
  call_for_ever(callback: Callback): never;
}

/** As many calls as fewCalls.py may have under way while the host waits for one. */
const mostCalls = 200 + 100 + 1;

const load = (session: PythonSession) => session.load<Races>(supportProgram('races.py'));
const triple = (n: number) => 3 * n;

describePython('a result that is given back while a message with it is being written', () => {
  async function expectNothingLeft(session: PythonSession, races: unknown) {
    (races as Disposable)[Symbol.dispose]();
    await expect.poll(() => session.live()).toEqual(nothingLive);
  }

  test.each(['got_while_passed', 'got_before_used', 'released_while_passed'] as const)(
    'is kept until that has been sent: %s',
    async how => {
      await using session = new PythonSession();
      const races = load(session);
      expect(
        await races[how](
          () => 7,
          (...args: unknown[]) => args,
        ),
      ).toEqual(
        expect.toBeOneOf([
          [7, []],
          [[], 7],
        ]),
      );
      await expectNothingLeft(session, races);
    },
  );

  test('is kept until that has been sent, for one that is called', async () => {
    await using session = new PythonSession();
    const races = load(session);
    expect(await races.got_while_called(() => (list: unknown[]) => list.length)).toBe(0);
    await expectNothingLeft(session, races);
  });

  test('is given back when that is not sent', async () => {
    await using session = new PythonSession();
    const races = load(session);
    expect(await races.got_while_refused(() => 7, triple)).toBe('never sent');
    await expectNothingLeft(session, races);
  });
});

describePython('calls of a worker that are not answered', () => {
  const program = supportProgram('fewCalls.py');

  test('are never more than may be, whatever threads call at once', async () => {
    await using session = new PythonSession({ program });
    const threads = 8;
    const answer = Promise.withResolvers<void>();
    let came = 0;
    const callback = () => {
      came++;
      return answer.promise;
    };
    await load(session).crowd(callback, threads);
    expect((await session.live()).worker.calls).toBe(mostCalls);
    answer.resolve();
    await expect.poll(() => came).toBe(mostCalls - 1 + threads);
    await expect.poll(async () => (await session.live()).worker.calls).toBe(0);
  });

  test('have room for one more, also from a thread, when the host calls', async () => {
    await using session = new PythonSession({ program });
    const is_sent = await load(session).crowded_out(() => new Promise(() => undefined));
    // The first keeps the main thread from seeing the second, which makes the room.
    expect(await Promise.all([is_sent(), is_sent()])).toEqual([true, true]);
  });

  test('leave no room to ask for a result, which waits for it', async () => {
    await using session = new PythonSession({ program });
    const answer = Promise.withResolvers<void>();
    const get = await load(session).pulled_when_crowded(
      () => 7,
      () => answer.promise,
    );
    const got = get();
    expect((await session.live()).worker.calls).toBe(mostCalls);
    answer.resolve();
    expect(await got).toBe(7);
  });

  test('do not become too many when one that waits for room is given up', async () => {
    await using session = new PythonSession({ program });
    const controller = new AbortController();
    let came = 0;
    const neverAnswers = () => {
      // The worker answers this where it waits, which it does only without room.
      if (++came === mostCalls) void session.live().then(() => controller.abort());
      return new Promise(() => undefined);
    };
    const { call_for_ever } = load(session) as unknown as Record<string, RemoteMethod<never>>;
    const call = call_for_ever!.with({ signal: controller.signal })(neverAnswers);
    expect(await failureOf(call)).toMatchObject({ code: 'call.cancelled' });
    expect((await session.live()).worker.served).toBe(0);
  });
});

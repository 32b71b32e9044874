import { expect, test } from 'vitest';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { failureOf, type Remote } from '../../support/remote.ts';

const program = supportProgram('smallMessages.py');

/** What smallMessages.py holds, whose messages have 200,000 bytes, 300,000 values, and 2,000,000 bytes beside. */
interface Results {
  share(item: number): unknown;
  nest(depth: number): unknown;
  texts(count: number): readonly string[];
  yeses(count: number): readonly true[];
  begin_with_texts(count: number): never;
  begin_with_values(count: number): never;
  begin_with_bytes(count: number): never;
  send_few(item: number): number;
  unapproachable(): unknown;
  pass_on(make: () => unknown, depth: number, take: (value: unknown) => unknown): unknown;
  count(list: readonly unknown[]): number;
}

const load = (session: PythonSession) => session.load<Results>(program);
const settle = { settle: true } as const;

describePython('results of a batch', () => {
  const statuses = (outcomes: readonly { status: string }[]) => outcomes.map(one => one.status);
  const middleRejected = ['fulfilled', 'rejected', 'fulfilled'];

  test('are sent but the one that cannot be, whatever they share', async () => {
    await using session = new PythonSession({ program });
    const items = Array.from({ length: 20 }, (_, item): [number] => [item]);
    const outcomes = await load(session).share.batch(items, settle);
    expect(statuses(outcomes).filter(status => status === 'fulfilled')).toHaveLength(19);
    expect(outcomes[3]).toMatchObject({
      reason: { message: 'cannot send a signal (at result[1])' },
    });
  });

  test('are sent but the one that is nested too deeply among them', async () => {
    await using session = new PythonSession({ program });
    const outcomes = await load(session).nest.batch([[499], [500], [1]], settle);
    expect(statuses(outcomes)).toEqual(middleRejected);
  });

  test('are sent but the one that is too much for a message', async () => {
    await using session = new PythonSession({ program });
    const { texts, yeses } = load(session);
    expect(statuses(await texts.batch([[5], [22], [5]], settle))).toEqual(middleRejected);
    const small = await yeses.batch([[50_000], [220_000], [50_000]], settle);
    expect(statuses(small)).toEqual(middleRejected);
  });

  test('end at the first one that cannot be sent, also when a later item has failed', async () => {
    await using session = new PythonSession({ program });
    const failure = await failureOf(load(session).send_few.batch([[1], [2], [3], [4]]));
    const message = 'cannot send a signal (at result)';
    expect(failure).toMatchObject({ index: 1, results: [1], message });
  });

  test('that are too much together fail, and say so', async () => {
    await using session = new PythonSession({ program });
    expect(await failureOf(load(session).texts.batch([[12], [12]], settle))).toMatchObject({
      code: 'frame.tooLarge',
      message: expect.stringContaining('ask for fewer') as string,
    });
  });

  test.each([
    ['begin_with_texts', 6],
    ['begin_with_values', 15_000],
    ['begin_with_bytes', 600_000],
  ] as const)(
    'fail together when it would take long to find out which cannot be: %s',
    async (name, count) => {
      await using session = new PythonSession({ program, hasSegments: true });
      const batch = (items: number) =>
        load(session)[name].batch(Array<[number]>(items).fill([count]), settle);
      expect(statuses(await batch(3))).toEqual(Array(3).fill('rejected'));
      const message = expect.stringMatching(
        /^cannot send a signal \(at results\[\d+\](\[\d+\])+\)$/u,
      ) as string;
      expect(await failureOf(batch(20))).toMatchObject({ message });
    },
  );
});

describePython('a result that does not let itself be looked at', () => {
  test.each<[string, (api: Remote<Results>) => PromiseLike<unknown>]>([
    ['awaited', api => api.unapproachable()],
    ['used', api => api.count([api.unapproachable()])],
    ['of a batch', api => api.unapproachable.batch([[]])],
    ['of a batch that runs all', api => api.unapproachable.batch([[]], settle)],
    ['of a batch that is used', api => api.count([api.unapproachable.batch([[]])])],
  ])('ends nothing: %s', async (_how, use) => {
    await using session = new PythonSession({ program });
    await Promise.allSettled([use(load(session))]);
    expect(await load(session).texts(0)).toEqual([]);
  });

  test('fails who asks for it later', async () => {
    await using session = new PythonSession({ program });
    const kept = load(session).unapproachable();
    await load(session).texts(0);
    expect(await failureOf(kept)).toMatchObject({ message: 'not to be asked' });
  });
});

describePython('a result that has come', () => {
  test('fails the call of which it lies too deep in the argument', async () => {
    await using session = new PythonSession({ program });
    const { pass_on } = load(session);
    const nested = () => {
      let value: unknown = [];
      for (let depth = 1; depth < 300; depth++) value = [value];
      return value;
    };
    expect(await pass_on(nested, 199, () => 'taken')).toBe('taken');
    expect(await failureOf(pass_on(nested, 201, () => 'taken'))).toMatchObject({
      code: 'value.unserializable',
    });
    expect(await load(session).texts(0)).toEqual([]);
  });
});

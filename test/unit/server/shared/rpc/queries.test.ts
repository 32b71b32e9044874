import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Loopback, noneLive, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

describe('a query, which runs when it is awaited,', () => {
  class Query implements PromiseLike<string> {
    constructor(
      private readonly ran: string[],
      private readonly text: string,
    ) {}

    where(text: string): Query {
      return new Query(this.ran, `${this.text} where ${text}`);
    }

    in(other: Query): Query {
      return this.where(`x in (${other.text})`);
    }

    fail(): Query {
      return new Query(this.ran, '');
    }

    then: Promise<string>['then'] = (...listeners) => {
      this.ran.push(this.text);
      const result = this.text
        ? Promise.resolve(`${this.text}!`)
        : Promise.reject<string>(new Error('empty'));
      return result.then(...listeners);
    };
  }

  interface Unawaited {
    where(text: string): Unawaited & PromiseLike<string>;
    in(other: unknown): Unawaited & PromiseLike<string>;
    fail(): PromiseLike<string>;
  }

  function createDatabase() {
    const ran: string[] = [];
    const pair = new Loopback({ from: (table: string): unknown => new Query(ran, table) });
    const from = pair.api.from as unknown as (table: string) => Unawaited & PromiseLike<string>;
    return Object.assign(pair, { ran, from });
  }

  test('runs once in a pipeline, at its end', async () => {
    using database = createDatabase();
    expect(await database.from('a').where('b')).toBe('a where b!');
    expect(await database.from('a').in(database.from('c'))).toBe('a where x in (c)!');
    expect(new Set(database.ran)).toEqual(new Set(['a where b', 'a where x in (c)']));
    expect(await database.collected()).toEqual(nothingLive);
  });

  test('runs when it is awaited after it was used', async () => {
    using database = createDatabase();
    const query = database.from('a');
    const narrowed = query.where('b');
    await database.idle();
    expect(database.ran).toEqual([]);
    expect(await narrowed).toBe('a where b!');
    expect(await query).toBe('a!');
    const failing = database.from('a').fail();
    await database.idle();
    expect(await failureOf(failing)).toMatchObject({ message: 'empty' });
    expect(await database.collected()).toEqual(nothingLive);
  });

  test('is what other calls use, also those that are made in the turn in which it is awaited', async () => {
    using database = createDatabase();
    const query = database.from('a');
    const narrowed = query.where('b');
    expect(await Promise.all([query, narrowed])).toEqual(['a!', 'a where b!']);
    expect(await database.collected()).toEqual(nothingLive);
  });

  test('brings what a promise brings that it is resolved with, whenever it is asked', async () => {
    const later = { then: (resolve: (value: unknown) => void) => resolve(Promise.resolve(5)) };
    using pair = new Loopback({ make: (): unknown => later });
    expect(await pair.api.make()).toBe(5);
    const kept = pair.api.make();
    await pair.idle();
    expect(await kept).toBe(5);
  });

  const tellsAndThrows = (resolve: (value: number) => void): never => {
    resolve(6);
    throw new Error('late');
  };

  test.each<[string, number, () => unknown]>([
    ['an object', 6, () => ({ then: tellsAndThrows })],
    ['a promise', 5, () => Object.assign(Promise.resolve(5), { then: tellsAndThrows })],
  ])('is answered once, though it throws after it has told: %s', async (_what, told, make) => {
    using pair = new Loopback({ make, ask: (callback: () => unknown) => callback() });
    expect(await pair.api.make()).toBe(told);
    expect(await pair.api.ask(make)).toBe(told);
    await pair.idle();
    expect(pair.ends).toEqual({ host: [], worker: [] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('that is still open leaves nothing behind when the connection ends', async () => {
    using pair = new Loopback({ make: (): unknown => ({ then: () => undefined }) });
    const query = pair.api.make();
    await pair.idle();
    const failure = failureOf(query);
    await pair.idle();
    expect(pair.live.worker.served).toBe(1);
    pair.host.dispose();
    pair.worker.dispose();
    await failure;
    expect(pair.live).toEqual({ host: noneLive, worker: noneLive });
  });

  test('that does not let itself be looked at any more fails alone', async () => {
    const made = Proxy.revocable({}, {});
    using pair = new Loopback({ make: () => made.proxy, echo: (value: number) => value });
    const call = pair.api.make();
    await pair.idle();
    made.revoke();
    expect(await failureOf(call)).toMatchObject({ remoteName: 'TypeError' });
    expect(await pair.api.echo(1)).toBe(1);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  const untouchable = () =>
    new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error('trap');
        },
      },
    );

  test.each<[string, () => unknown]>([
    ['at once', untouchable],
    ['later', async () => untouchable()],
    ['as a query', () => ({ then: (tell: (value: unknown) => void) => tell(untouchable()) })],
  ])(
    'that brings what cannot be looked at fails alone, whenever it is asked: %s',
    async (_how, make) => {
      using pair = new Loopback({ make, echo: (value: number) => value });
      expect(await failureOf(pair.api.make())).toMatchObject({ message: 'trap' });
      const kept = pair.api.make();
      await pair.idle();
      expect(await failureOf(kept)).toMatchObject({ message: 'trap' });
      expect(await pair.api.echo(1)).toBe(1);
    },
  );

  test('counts as a call that is being served, so that what it calls has room', async () => {
    const text = 'y'.repeat(500);
    using pair = new Loopback(
      {
        query: (ask: (text: string) => PromiseLike<string>): unknown => ({
          then: (...told: Parameters<Promise<string>['then']>) => ask(text).then(...told),
        }),
      },
      { limits: { maxHeldBytes: 600, maxLightBytes: 100 } },
    );
    let left = 6;
    const nested = async (): Promise<unknown> => {
      if (left-- === 0) return 'end';
      const query = pair.api.query(nested as never);
      await pair.idle();
      return await query;
    };
    expect(await nested()).toBe('end');
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test.each<[string, (pair: { ask: () => unknown }) => unknown]>([
    ['of another realm', () => runInNewContext('Promise.resolve({ read: () => 7 })') as unknown],
    ['of the other side', ({ ask }) => ask()],
    ['of another name', () => Named.resolve({ read: () => 7 })],
  ])('is none that only brings its result: a promise %s', async (_what, make) => {
    using pair = new Loopback({ get: (ask: () => unknown) => make({ ask }) as { read(): number } });
    const got = pair.api.get(() => ({ read: () => 7 }));
    expect(await got.read()).toBe(7);
  });

  test('is none that only brings its failure: a promise of the other side', async () => {
    using pair = new Loopback({ get: (ask: () => unknown) => ask() as { read(): number } });
    const got = pair.api.get(() => {
      throw new Error('no');
    });
    expect(await failureOf(got.read())).toMatchObject({ message: "'get' failed: no" });
  });
});

class Named<T> extends Promise<T> {
  override readonly [Symbol.toStringTag] = 'Named';
}

import { describe, expect, test } from 'vitest';
import { byRef, byValue } from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

const no = Symbol('no');
const settle = { settle: true } as const;

class Live {
  readonly part = no;
}

function create() {
  return new Loopback({
    echo: (...args: readonly unknown[]): unknown => args,
    make: () => ({ live: byRef(new Live()) }),
    rows: (): unknown => ({ rows: [{ ok: 1 }, { made: no }] }),
    ask: async (callback: (value: unknown) => unknown) => await callback({ part: no }),
    bring: async (callback: () => unknown) => await callback(),
    Live,
  });
}

function deep(levels: number, inmost: object = {}): object {
  return levels === 0 ? inmost : { in: deep(levels - 1, inmost) };
}

const same = (value: unknown) => value;
const plain = { part: no };
const shallow = {};
const { signal } = new AbortController();
const round: Record<string, unknown> = {};
round['self'] = round;

function getterOnce(): object {
  let times = 0;
  return {
    get a() {
      if (++times > 1) throw new Error('was run again');
      return no;
    },
  };
}

describe('an error of what cannot be sent says where it is', () => {
  test.each<[string, readonly unknown[]]>([
    ['args[0]', [no]],
    ['args[1].options.tags[2]', [1, { options: { tags: ['a', 'b', no] } }]],
    ['args[0]["odd name"].get("key").$1[0]', [{ 'odd name': new Map([['key', { $1: [no] }]]) }]],
    ['args[0].get(3)', [new Map([[3, no]])]],
    ['args[0].get(…)', [new Map([[{}, no]])]],
    ['args[0].keys()', [new Map([[no, 1]])]],
    ['args[0].values().a', [new Set([1, { a: no }])]],
    ['args[0].cause.a', [new Error('x', { cause: { a: no } })]],
    ['args[0].extra', [Object.assign(new Error('x'), { extra: no })]],
    ['args[0].own.own', [Object.assign(new Error('x'), { own: { own: no } })]],
    ['args[0].errors[1].cause', [new AggregateError([1, new Error('x', { cause: no })])]],
    ['args[0].a', [getterOnce()]],
    ['args[1].a', [byRef(new Live()), byValue({ a: no })]],
    ['args[1]', [same, byValue(same)]],
    ['args[1].part', [byRef(plain), plain]],
    ['args[1][0].round', [{ ...round, no: 1 }, [{ ...round, round: no }]]],
    ['args[1][100000]', [new Date(), [...Array<string>(100_000).fill('x'), no]]],
    ['args[0].part', [byValue(new Live())]],
    ['args[0].f', [{ f: byValue(() => 1) }]],
    ['args[0][0]', [[Promise.resolve()]]],
    [`args[0]["${'n'.repeat(39)}…"]`, [{ ['n'.repeat(1_000)]: no }]],
    [
      `args[0]${'.in'.repeat(17)}.i…${'.in'.repeat(20)}`,
      [deep(600)], // the 501st of them
    ],
    [`args[1]${'.in'.repeat(17)}.i…${'.in'.repeat(20)}`, [shallow, deep(501, shallow)]],
    ['args[0].list[1].b', [{ list: [new AbortController().signal, { b: signal }] }]],
  ])('%s', async (place, args) => {
    using pair = create();
    const failure = await failureOf(pair.api.echo(...args));
    expect(failure).toMatchObject({ code: 'value.unserializable' });
    const [, told] = /\(at (.*)\)$/u.exec((failure as Error).message) ?? [];
    expect(told).toBe(place);
  });

  test('of a batch with the number of its item', async () => {
    using pair = create();
    const failure = await failureOf(pair.api.echo.batch([[1], [2, { a: no }]]));
    expect(failure).toMatchObject({ message: 'cannot send a symbol (at items[1][1].a)' });
  });

  test('in what is set', async () => {
    using pair = create();
    (pair.api as unknown as { part: unknown }).part = { a: no };
    await pair.idle();
    const error = { message: 'cannot send a symbol (at value.a)' };
    expect(pair.unseen).toMatchObject([{ name: 'part', error }]);
  });

  test('in a result, in that of an item, and in what a callback is given', async () => {
    using pair = create();
    const message = 'cannot send a symbol (at result.rows[1].made)';
    expect(await failureOf(pair.api.rows())).toMatchObject({ message });
    expect(await failureOf(pair.api.rows.batch([[]]))).toMatchObject({ message });
    expect(await pair.api.rows.batch([[]], settle)).toMatchObject([{ reason: { message } }]);
    expect(await failureOf(pair.api.ask(value => value))).toMatchObject({
      message: 'cannot send a symbol (at args[0].part)',
    });
  });

  test('under the rule of the call', async () => {
    using pair = create();
    const call = pair.api.echo.with({ args: 'value' })([1], new Live());
    expect(await failureOf(call)).toMatchObject({
      message: 'cannot send a symbol (at args[1].part)',
    });
  });

  test('in what a call has brought', async () => {
    using pair = create();
    const made = pair.api.make();
    const { live } = (await made) as unknown as { live: Disposable };
    live[Symbol.dispose]();
    expect(await failureOf(pair.api.echo([1, made]))).toMatchObject({
      message: 'the remote object has been released (at args[0][1].live)',
    });
  });

  test('as a result that was given back, or a member that nobody asks for', async () => {
    using pair = create();
    const made = pair.api.make();
    (made as unknown as Disposable)[Symbol.dispose]();
    expect(await failureOf(pair.api.echo([made]))).toMatchObject({
      message: 'the remote object has been released (at args[0][0])',
    });
    expect(await failureOf(pair.api.bring(() => [pair.api.make]))).toMatchObject({
      message: expect.stringMatching(/^a member .* \(at result\[0\]\)$/u) as string,
    });
  });

  test('as a signal in a result', async () => {
    using pair = create();
    expect(await failureOf(pair.api.bring(() => ({ a: signal })))).toMatchObject({
      message: 'a signal can only be an argument, of a call that does not block (at result.a)',
    });
  });

  test('and which of the remote objects was released, or belongs to another session', async () => {
    using pair = create();
    using other = create();
    const foreign = await new other.api.Live();
    expect(await failureOf(pair.api.echo({ list: [1, foreign] }))).toMatchObject({
      code: 'reference.foreign',
      message: expect.stringMatching(/\(at args\[0\]\.list\[1\]\)$/u) as string,
    });
    const live = await new pair.api.Live();
    live[Symbol.dispose]();
    expect(await failureOf(pair.api.echo({ list: [1, live] }))).toMatchObject({
      code: 'reference.released',
      message: 'the remote object has been released (at args[0].list[1])',
    });
  });

  test('of every item of a batch', async () => {
    using pair = create();
    const reason = { message: 'cannot send a symbol (at result.rows[1].made)' };
    const outcomes = await pair.api.rows.batch([[], []], { settle: true });
    expect(outcomes).toMatchObject([{ reason }, { reason }]);
    expect(await pair.collected()).toEqual(nothingLive);
  });
});

describe('what a getter throws', () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  test('is not looked at on its way', async () => {
    let looks = 0;
    const seen = new Proxy(new Error('x'), {
      getPrototypeOf(target) {
        looks++;
        return Reflect.getPrototypeOf(target);
      },
    });
    const bad = {
      get bad(): never {
        throw seen;
      },
    };
    const looksFor = async (levels: number) => {
      using pair = create();
      looks = 0;
      await failureOf(pair.api.echo(deep(levels, bad)));
      return looks;
    };
    expect(await looksFor(100)).toBe(await looksFor(1));
  });

  test('fails its call and nothing else, though it does not let itself be looked at', async () => {
    const thrower = () => ({
      in: {
        get bad(): never {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is what is tested
          throw revoked;
        },
      },
    });
    using pair = new Loopback({ thrower, same });
    const failed = { message: expect.stringContaining('cannot be described') as string };
    expect(await failureOf(pair.api.thrower())).toMatchObject(failed);
    expect(await pair.api.thrower.batch([[]], settle)).toMatchObject([{ reason: failed }]);
    expect(await pair.api.same('goes on')).toBe('goes on');
    expect(await pair.collected()).toEqual(nothingLive);
  });
});

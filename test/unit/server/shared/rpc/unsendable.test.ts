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
    rows: (): unknown => ({ rows: [{ ok: 1 }, { made: no }] }),
    ask: async (callback: (value: unknown) => unknown) => await callback({ part: no }),
    Live,
  });
}

function deep(levels: number): object {
  return levels === 0 ? {} : { in: deep(levels - 1) };
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
    ['args[1].a', [byRef(new Live()), byValue({ a: no })]],
    ['args[0].part', [byValue(new Live())]],
    ['args[0].f', [{ f: byValue(() => 1) }]],
    ['args[0][0]', [[Promise.resolve()]]],
    [`args[0]["${'n'.repeat(39)}…"]`, [{ ['n'.repeat(1_000)]: no }]],
    [
      `args[0]${'.in'.repeat(17)}.i…${'.in'.repeat(20)}`,
      [deep(600)], // the 501st of them
    ],
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

  test('and which of the remote objects was released', async () => {
    using pair = create();
    const live = await new pair.api.Live();
    live[Symbol.dispose]();
    expect(await failureOf(pair.api.echo({ list: [1, live] }))).toMatchObject({
      code: 'reference.released',
      message: 'the remote object has been released (at args[0].list[1])',
    });
  });

  test.each<[string, () => unknown]>([
    ['what a getter has brought, which is not run again', () => getterOnce()],
    ['what lies behind too much else', () => [Array(100_000).fill('x'), no]],
    ['what a proxy hides', () => hidden()],
  ])('but not of %s', async (_what, make) => {
    using pair = create();
    const failure = await failureOf(pair.api.echo(make()));
    expect(failure).toMatchObject({ message: 'cannot send a symbol' });
    expect(await pair.collected()).toEqual(nothingLive);
  });
});

function getterOnce(): object {
  let times = 0;
  return {
    get a() {
      if (++times > 1) throw new Error('was run again');
      return no;
    },
  };
}

function hidden(): object {
  return new Proxy(
    { a: no },
    {
      getOwnPropertyDescriptor(target, key) {
        const { stack } = new Error();
        if (stack?.includes('unsendable.ts')) throw new Error('do not look');
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    },
  );
}

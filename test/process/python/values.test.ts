import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyValue } from '../../support/anyValue.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { failureOf } from '../../support/remote.ts';

const whole = <T>(call: PromiseLike<T>): Promise<T> => Promise.resolve(call);

/** Whether members of a result that is read on its way are those of its copy. */
async function expectSameOnTheWay(
  bring: () => PromiseLike<unknown>,
  names: readonly (string | number)[],
): Promise<void> {
  const copy = (await whole(bring())) as Readonly<Record<string, unknown>>;
  for (const name of names) {
    const onItsWay = bring() as unknown as Readonly<Record<string, PromiseLike<unknown>>>;
    expect([name, await onItsWay[name]]).toEqual([name, copy[name]]);
  }
}

describePython('a value', () => {
  test('of any kind comes back from Python as structured clone would copy it', async () => {
    await using session = new PythonSession();
    const { echo } = session.load<Workshop>(workshopFile);
    await fc.assert(
      fc.asyncProperty(anyValue(), async value => {
        const back = await whole(echo(value));
        expect(isDeepStrictEqual(back, structuredClone(value))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of text comes back whatever units it consists of', async () => {
    await using session = new PythonSession();
    const { echo } = session.load<Workshop>(workshopFile);
    const halves = fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(halves, async units => {
        const text = String.fromCharCode(...units);
        expect(await whole(echo(text))).toBe(text);
      }),
    );
  });

  test.each<[string, object | string, readonly (string | number)[]]>([
    ['a text', 'a😀b', ['length', 0, 1, 3, 4, -1, 'nothing']],
    ['a list', [7, 8], ['length', 0, 2, '01']],
    ['a list with gaps', [, 8], ['length', 0, 1]],
    ['bytes', Uint8Array.of(7, 8), ['length', 'byteLength', 0, 1, 2]],
    ['a buffer', Uint8Array.of(7, 8).buffer, ['length', 'byteLength', 0]],
    ['numbers of 4 bytes', Float32Array.of(1.5, -2), ['length', 'byteLength', 1, 2]],
    ['numbers of 8 bytes', BigInt64Array.of(-5n), ['length', 0]],
    ['numbers of 2 bytes', Uint16Array.of(5, 0xffff), ['length', 'byteOffset', 1]],
    ['a text as an object', Object('abc') as string, ['length', 1]],
    ['a set', new Set([1, 2]), ['size', 'length']],
    ['a set of what Python takes for one', new Set([0, false]), ['size']],
    ['a map', new Map([[1, 2]]), ['size']],
    ['an object', { size: 5, a: null }, ['size', 'a', 'length']],
    ['a date', new Date(5), ['length', 'size']],
    [
      'a regular expression',
      /a+/giu,
      ['source', 'flags', 'global', 'sticky', 'lastIndex', 'length'],
    ],
    [
      'an error',
      Object.assign(new TypeError('no', { cause: 5 }), { errno: 7 }),
      ['name', 'message', 'cause', 'errno', 'errors'],
    ],
  ])('has on the way what its copy has: %s', async (_what, value, names) => {
    await using session = new PythonSession();
    const { echo } = session.load<Workshop>(workshopFile);
    await expectSameOnTheWay(() => echo(value), names);
  });

  test('of Python has on the way what its copy has', async () => {
    await using session = new PythonSession();
    const { sample } = session.load<Workshop>(workshopFile);
    const names = {
      import_error: ['name', 'message', 'cause'],
      os_error: ['name', 'message', 'code'],
      map: ['size'],
      view: ['length', 'byteLength', 0],
    };
    for (const [kind, wanted] of Object.entries(names)) {
      await expectSameOnTheWay(() => sample(kind), wanted);
    }
  });

  test('of bytes that another call brings is another one in a set as well', async () => {
    await using session = new PythonSession();
    const { echo } = session.load<Workshop>(workshopFile);
    const set = new Set([Uint8Array.of(1), echo(Uint8Array.of(1))]);
    expect(((await whole(echo(set))) as Set<unknown>).size).toBe(2);
  });

  test.each([0, 1, 2, 100_000])(
    'of %d equal bytes is another one in a set, and a map',
    async size => {
      await using session = new PythonSession({ hasSegments: true });
      const { echo } = session.load<Workshop>(workshopFile);
      const [one, other] = [new Uint8Array(size), new Uint8Array(size)];
      const set = (await whole(echo([other, new Set([one, other])]))) as [unknown, Set<unknown>];
      expect(set[1].size).toBe(2);
      const held = (await whole(echo([new Set([one, other]), other]))) as [Set<unknown>, unknown];
      expect([...held[0]][1]).toBe(held[1]);
      const map = new Map([
        [one, 'one'],
        [other, 'other'],
      ]);
      expect([...((await whole(echo(map))) as typeof map)]).toEqual([...map]);
    },
  );

  test.each<[string, unknown]>([
    ['an error', Object.assign(new TypeError('no', { cause: { why: 5 } }), { code: 'ENO' })],
    ['errors', new AggregateError([new RangeError('one'), 'two'], 'several')],
    ['a regular expression', /a+\/(?<b>[c-d(])/giu],
    [
      'keys that Python holds to be the same',
      new Map<unknown, unknown>([
        [1, 'number'],
        [true, 'boolean'],
        [1n, 'bigint'],
        ['1', 'text'],
        [NaN, 'none'],
      ]),
    ],
    ['items that Python holds to be the same', new Set<unknown>([0, false, 0n, '0', '', null])],
    [
      'keys that cannot be hashed',
      new Map<unknown, unknown>([
        [{ a: 1 }, [1]],
        [[1], new Set([[2]])],
      ]),
    ],
    ['a list with gaps', [1, , undefined, , 2]],
    [
      'binary data',
      [new Uint16Array([1, 2]), new DataView(new ArrayBuffer(3)), new ArrayBuffer(0)],
    ],
    ['zero below', [-0, [0, 1, 2, 3, 4, 5, 6, -0]]],
  ])('that is special comes back as it was: %s', async (_what, value) => {
    await using session = new PythonSession();
    const { echo } = session.load<Workshop>(workshopFile);
    expect(isDeepStrictEqual(await whole(echo(value)), value)).toBe(true);
  });

  test('keeps what is the same and what holds itself', async () => {
    await using session = new PythonSession();
    const { echo } = session.load<Workshop>(workshopFile);
    const shared = { name: 'shared' };
    const self: unknown[] = [shared, new Set<unknown>([shared]), new Map([[shared, shared]])];
    self.push(self, new Set([self]));
    const back = (await echo(self)) as typeof self;
    const [first, set, map, again, inSet] = back as [
      object,
      Set<object>,
      Map<object, object>,
      object,
      Set<object>,
    ];
    expect([...set, ...map.keys(), ...map.values()].every(item => item === first)).toBe(true);
    expect([again, ...inSet].every(item => item === back)).toBe(true);
    const [one, other] = (await echo([new Uint8Array([1]), new Uint8Array([1])])) as object[];
    expect(one).not.toBe(other);
  });

  test('that goes by reference comes home as itself, a generator too', async () => {
    await using session = new PythonSession();
    const { is_same, echo_all } = session.load<Workshop>(workshopFile);
    const generator = session.load<(source: string) => object>(
      'builtins',
      'eval',
    )('(n for n in [7])');
    const kept = await generator;
    expect(await is_same(kept, generator)).toBe(true);
    expect(await echo_all(kept, [kept], { kept })).toHaveLength(3);
    expect(await session.load<(from: unknown) => number>('builtins', 'next')(kept)).toBe(7);
  });

  test.each<[unknown, string]>([
    [undefined, '_Nothing'],
    [null, 'NoneType'],
    [5, 'int'],
    [2 ** 40, 'int'],
    [0.5, 'float'],
    [5n, 'BigInt'],
    ['text', 'str'],
    [[1], 'list'],
    [{ a: 1 }, 'dict'],
    [new Map(), 'Map'],
    [new Set(['a', 1]), 'set'],
    [new Set([[1]]), 'Set'],
    [new Set([1, true]), 'Set'],
    [new Date(), 'Date'],
    [/a/u, 'RegExp'],
    [new Uint8Array(2), 'bytes'],
    [new Int8Array(2), 'Binary'],
    [Object(1), 'Boxed'],
    [new Error('e'), 'ErrorValue'],
    [() => 1, 'Remote'],
  ])('%s is in Python a %s', async (value, name) => {
    await using session = new PythonSession();
    expect(await session.load<Workshop>(workshopFile).type_name(value)).toBe(name);
  });

  test('an error shows in Python what it says', async () => {
    await using session = new PythonSession();
    const repr = session.load<(value: unknown) => string>('builtins', 'repr');
    expect(await repr([new TypeError('bad')])).toBe('[ErrorValue(TypeError: bad)]');
  });

  test('numbers of a long list have the types that they would have alone', async () => {
    await using session = new PythonSession();
    const { type_name, type_names } = session.load<Workshop>(workshopFile);
    const numbers = [1, 2.5, -0, 0, NaN, Infinity, 2 ** 31, -(2 ** 53) + 1, 2 ** 53, 1e300];
    const alone = await Promise.all(numbers.map(value => type_name(value)));
    expect(await type_names(numbers)).toEqual(alone);
    expect(alone).toContain('int');
    expect(alone).toContain('float');
  });

  test('of Python arrives as what JavaScript has for it', async () => {
    await using session = new PythonSession();
    const builtins = session.load<Record<string, (...args: unknown[]) => unknown>>('builtins');
    const { big, as_bigint, whole_float, nothing, echo } = session.load<Workshop>(workshopFile);
    expect(await builtins['tuple']!([1, 'a'])).toEqual([1, 'a']);
    expect(await builtins['frozenset']!(['a'])).toEqual(new Set(['a']));
    expect(await builtins['dict']!([[1, 'one']])).toEqual(new Map([[1, 'one']]));
    expect(await builtins['dict']!([['one', 1]])).toEqual({ one: 1 });
    expect(await builtins['bytearray']!([1, 2])).toEqual(new Uint8Array([1, 2]));
    expect(await builtins['memoryview']!(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
    expect(await builtins['ValueError']!('as a value')).toMatchObject({ name: 'ValueError' });
    const dates = session.load<{ fromisoformat(text: string): Date }>('datetime', 'datetime');
    expect(await dates.fromisoformat('2020-09-13T12:26:40.123+00:00')).toEqual(
      new Date(1_600_000_000_123),
    );
    expect(await failureOf(dates.fromisoformat('0001-01-01T00:00:00+23:00'))).toMatchObject({
      code: 'value.unserializable',
    });
    expect(await big('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(await big('9007199254740992')).toBe(2n ** 53n);
    expect(await big(`-${10n ** 30n}`)).toBe(-(10n ** 30n));
    expect(await as_bigint(5)).toBe(5n);
    expect(await whole_float()).toBe(5);
    expect(await nothing()).toBe(undefined);
    expect(await failureOf(echo(Symbol('no')))).toMatchObject({ code: 'value.unserializable' });
  });
});

import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byValue } from '../../../../../../server/shared/rpc/values/policy.ts';
import { anyValue } from '../../../../../support/anyValue.ts';
import { read, trip, write } from '../../../../../support/valueTrip.ts';

/** Of Node from 24 on. */
const { Float16Array } = globalThis as unknown as {
  readonly Float16Array: new (numbers: readonly number[]) => ArrayBufferView;
};

describe('a value arrives as structured clone would copy it', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['true', true],
    ['false', false],
    ['zero', 0],
    ['zero below', -0],
    ['the smallest small integer', -16],
    ['the one below it', -17],
    ['the largest small integer', 111],
    ['the one above it', 112],
    ['the largest int32', 2 ** 31 - 1],
    ['one more', 2 ** 31],
    ['the smallest int32', -(2 ** 31)],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['a fraction', 0.1],
    ['the largest number', Number.MAX_VALUE],
    ['the smallest number', Number.MIN_VALUE],
    ['infinity', Infinity],
    ['infinity below', -Infinity],
    ['not a number', NaN],
    ['big zero', 0n],
    ['a big integer', 2n ** 200n + 1n],
    ['a big integer below zero', -(2n ** 64n)],
    ['an empty text', ''],
    ['a text', 'words'],
    ['a text of 40 characters', 'a'.repeat(40)],
    ['a text of 41 characters', 'a'.repeat(41)],
    ['a text that becomes 253 bytes', 'ä'.repeat(126) + 'a'],
    ['a text that becomes 254 bytes', 'ä'.repeat(127)],
    ['a long text', 'long 😀 '.repeat(10_000)],
    ['a text with a NUL', 'a\0b'],
    ['half a character', 'a\uD83Db'],
    ['halves in the wrong order', '\uDE00\uD83D'],
    ['a byte order mark', '\uFEFFtext'],
    ['an empty list', []],
    ['a list', [1, 'two', null, undefined, [3]]],
    ['a list of whole numbers', Array.from({ length: 20 }, (_, index) => index * 1e6)],
    ['a list of numbers with zero below', [0, 1, 2, 3, 4, 5, 6, -0]],
    ['a list of fractions', Array.from({ length: 20 }, (_, index) => index / 3)],
    ['a list of numbers with NaN', [1, 2, 3, 4, 5, 6, 7, NaN]],
    ['a list that is nearly numbers', [1, 2, 3, 4, '5', 6, 7, 8]],
    ['a list that begins and ends with a gap', new Array(3)],
    ['a list with gaps', [1, , undefined, , 2]],
    ['a list of numbers with a gap', [1, 2, 3, , 5, 6, 7, 8, 9]],
    ['an object', { a: 1, b: { c: 'd' } }],
    ['an object with an undefined property', { a: undefined }],
    ['an object with an empty name', { '': 1 }],
    ['an object with names that are numbers', { 2: 'b', 1: 'a' }],
    ['an object with half a character for a name', { '\uD800': 1 }],
    ['records of one shape', Array.from({ length: 9 }, (_, id) => ({ id, name: `n${id}` }))],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1],
        [{ b: 1 }, new Map()],
      ]),
    ],
    ['a set', new Set<unknown>(['a', { b: 1 }, new Set([1])])],
    ['a date', new Date(1_600_000_000_123)],
    ['a date that is none', new Date(NaN)],
    ['a regular expression', /a+\/(?<b>[c-d])/giu],
    ['a boxed number', Object(1)],
    ['a boxed text', Object('text')],
    ['a boxed boolean', Object(false)],
    ['a boxed big integer', Object(1n)],
    ['an error', new Error('message')],
    ['a range error', new RangeError('message')],
    ['an error with a cause', new TypeError('outer', { cause: new SyntaxError('inner') })],
    ['an error with a cause that is none', new Error('outer', { cause: { code: 1 } })],
    ['a buffer of bytes', new Uint8Array([1, 2, 3]).buffer],
    ['an empty buffer', new ArrayBuffer(0)],
    ['8 bits with a sign', new Int8Array([-1, 2])],
    ['bytes', new Uint8Array([0, 255])],
    ['bytes that are cut off', new Uint8ClampedArray([0, 255])],
    ['16 bits with a sign', new Int16Array([-1, 2])],
    ['16 bits', new Uint16Array([65_535])],
    ['32 bits with a sign', new Int32Array([-1, 2])],
    ['32 bits', new Uint32Array([2 ** 32 - 1])],
    ['floats of 16 bits', new Float16Array([0.5, NaN])],
    ['floats', new Float32Array([0.5, NaN])],
    ['doubles', new Float64Array([0.1, -0])],
    ['64 bits with a sign', new BigInt64Array([-1n])],
    ['64 bits', new BigUint64Array([2n ** 64n - 1n])],
    ['a view of bytes', new DataView(new Uint8Array([1, 2, 3]).buffer)],
    ['a part of a buffer', new Uint16Array(new Uint8Array([9, 9, 1, 0, 2, 0, 9]).buffer, 2, 2)],
  ])('%s', (_what, value) => {
    const arrived = trip(value);
    expect(isDeepStrictEqual(arrived, structuredClone(value))).toBe(true);
    expect(Object.is(typeof arrived, typeof value)).toBe(true);
  });

  test('any mixture of them', () => {
    fc.assert(
      fc.property(anyValue(), value => {
        expect(isDeepStrictEqual(trip(value), structuredClone(value))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('any text, well-formed or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => void expect(trip(text)).toBe(text)),
    );
    const halves = fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 300 });
    fc.assert(
      fc.property(halves, units => {
        const text = String.fromCharCode(...units);
        expect(trip(text)).toBe(text);
      }),
    );
  });

  test('any number and any big integer', () => {
    fc.assert(fc.property(fc.double(), value => void expect(trip(value)).toBe(value)));
    fc.assert(fc.property(fc.integer(), value => void expect(trip(value)).toBe(value)));
    fc.assert(fc.property(fc.bigInt(), value => void expect(trip(value)).toBe(value)));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double(), fc.integer()), { minLength: 7 }),
        list => void expect(trip(list)).toEqual(list),
      ),
    );
  });
});

describe('inside one value', () => {
  test('the same object arrives as the same', () => {
    const shared = { name: 'shared' };
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const when = new Date(5);
    const arrived = trip([shared, [shared], list, new Map([[shared, list]]), when, { when }]);
    const [first, [again], numbers, map, date, holder] = arrived as [
      object,
      [object],
      number[],
      Map<object, number[]>,
      Date,
      { when: Date },
    ];
    expect(again).toBe(first);
    expect([...map.keys()][0]).toBe(first);
    expect([...map.values()][0]).toBe(numbers);
    expect(holder.when).toBe(date);
  });

  test('equal objects that are not the same stay two', () => {
    const [one, two] = trip([{ a: 1 }, { a: 1 }]);
    expect(one).not.toBe(two);
  });

  test.each<[string, () => object]>([
    [
      'a list that holds itself',
      () => {
        const list: unknown[] = [];
        list.push(list);
        return list;
      },
    ],
    [
      'an object',
      () => {
        const o: Record<string, unknown> = {};
        o['self'] = o;
        return o;
      },
    ],
    [
      'a map, as key and as value',
      () => {
        const m = new Map<unknown, unknown>();
        return m.set(m, m);
      },
    ],
    [
      'a set',
      () => {
        const s = new Set<unknown>();
        return s.add(s);
      },
    ],
  ])('a circle is a circle: %s', (_what, create) => {
    const value = create();
    const arrived = trip(value);
    expect(isDeepStrictEqual(arrived, structuredClone(value))).toBe(true);
  });

  test('a circle is a circle: an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    const arrived = trip(error);
    expect(arrived.cause).toBe(arrived);
  });

  test('any graph of objects keeps its edges', () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 5 }), {
      minLength: 1,
      maxLength: 31,
    });
    fc.assert(
      fc.property(graphs, edges => {
        const nodes = edges.map((_, id) => ({ id, next: [] as object[] }));
        edges.forEach((targets, from) => {
          for (const to of targets) nodes[from]!.next.push(nodes[to % nodes.length]!);
        });
        const arrived = trip(nodes);
        const numbers = (graph: typeof nodes) =>
          graph.map(({ next }) => next.map(node => (graph as object[]).indexOf(node)));
        expect(numbers(arrived)).toEqual(numbers(nodes));
      }),
    );
  });

  test('a name that is shared by many objects is written once', () => {
    const records = Array.from({ length: 100 }, (_, id) => ({
      quiteALongNameOfAProperty: id % 100,
    }));
    expect(write(records).bytes.toString('latin1').split('quiteALongName')).toHaveLength(2);
  });
});

test.each([
  ['a buffer', (buffer: ArrayBuffer) => buffer],
  ['a view', (buffer: ArrayBuffer) => new Uint16Array(buffer)],
])('%s that was transferred elsewhere cannot be sent, and says so', (_what, make) => {
  const buffer = new ArrayBuffer(8);
  const value = make(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  expect(() => trip(value)).toThrow('cannot send bytes that were transferred elsewhere');
});

describe('names with a meaning to the language are data', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'then', 'toString', 'hasOwnProperty'])(
    '%s',
    name => {
      const value = JSON.parse(`{"${name}":{"polluted":true}}`) as object;
      const arrived = trip(value);
      expect(Object.keys(arrived)).toEqual([name]);
      expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );

  test('also as own properties of an error', () => {
    const error = Object.defineProperty(new Error('x'), '__proto__', {
      value: { polluted: true },
      enumerable: true,
    });
    const arrived = trip(error);
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype);
    expect(Object.hasOwn(arrived, '__proto__')).toBe(true);
  });
});

describe('an error keeps', () => {
  test('its stack, code and own properties', () => {
    const error = Object.assign(new RangeError('no'), {
      code: 'ENOENT',
      errno: -2,
      at: { line: 1 },
    });
    const arrived = trip(error);
    expect(arrived).toBeInstanceOf(RangeError);
    expect({ ...arrived }).toEqual({ code: 'ENOENT', errno: -2, at: { line: 1 } });
    expect(arrived.stack).toBe(error.stack);
    expect(Object.keys(arrived)).not.toContain('message');
  });

  test.each([[undefined], ['text'], [{ own: 1 }]])(
    'what stands where its errors should: %j',
    errors => {
      const arrived = trip(Object.assign(new AggregateError([]), { errors }));
      expect(arrived.errors).toEqual(errors);
    },
  );

  test('the errors that it stands for', () => {
    const error = new AggregateError([new TypeError('one'), 'two'], 'several');
    const arrived = trip(error);
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived).toMatchObject({ message: 'several', errors: [{ message: 'one' }, 'two'] });
    expect(arrived.errors[0]).toBeInstanceOf(TypeError);
  });

  test('the name of a class that the other side does not have', () => {
    class ParseFailure extends SyntaxError {
      override name = 'ParseFailure';
    }
    const arrived = trip(new ParseFailure('bad'));
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ name: 'ParseFailure', message: 'bad' });
  });
});

describe('what cannot be sent is refused by name', () => {
  test.each<[string, unknown, RegExp]>([
    ['a symbol', Symbol('s'), /a symbol/u],
    ['a promise', Promise.resolve(1), /a promise/u],
    ['a promise in a list', [Promise.resolve(1)], /a promise/u],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(1)), /Uint8Array over shared memory/u],
    [
      'foreign shared memory',
      foreign('new Int8Array(new SharedArrayBuffer(1))'),
      /over shared memory/u,
    ],
    [
      'a list that says it has less than nothing',
      new Proxy([], {
        get: (list, key) => (key === 'length' ? -5 : Reflect.get(list, key)) as unknown,
      }),
      /a list without a length/u,
    ],
    ['a copy of a function', byValue(() => 1), /a copy of a function/u],
  ])('%s', (_what, value, words) => {
    expect(() => write(value)).toThrow(
      expect.objectContaining({
        code: 'value.unserializable',
        message: expect.stringMatching(words) as string,
      }) as Error,
    );
  });

  test('a getter that throws, with what it threw', () => {
    const value = {
      get bad(): never {
        throw new Error('from the getter');
      },
    };
    expect(() => write(value)).toThrow('from the getter');
  });
});

describe('a value may be nested as deeply as agreed', () => {
  const nested = (depth: number): unknown => {
    let value: unknown = 'core';
    for (let left = depth; left > 0; left--) value = [value];
    return value;
  };

  test('and no deeper: the sender refuses it', () => {
    expect(trip(nested(11), { maxDepth: 10 })).toEqual(nested(11));
    expect(() => write(nested(12), { maxDepth: 10 })).toThrow(/nested too deeply/u);
  });

  test('and so does the receiver', () => {
    const { bytes } = write(nested(12), { maxDepth: 20 });
    expect(() => read(bytes, { maxDepth: 10 })).toThrow(/nested too deeply/u);
  });

  test('marks do not hide the depth', () => {
    let value: object = {};
    for (let left = 600; left > 0; left--) value = byValue({ value });
    expect(() => write(value)).toThrow(/nested too deeply/u);
  });
});

/** What has been made in another realm. */
function foreign(source: string): object {
  return runInNewContext(source) as object;
}

test.each<[string, Uint8Array | Int16Array | DataView]>([
  ['new Uint8Array([1, 2, 3])', new Uint8Array([1, 2, 3])],
  ['new Int16Array([1, 2, -3])', new Int16Array([1, 2, -3])],
  ['new DataView(new ArrayBuffer(2))', new DataView(new ArrayBuffer(2))],
])('binary values of another realm are what they are: %s', (source, here) => {
  expect(trip(foreign(source))).toEqual(here);
});

import { describe, expect, test } from 'vitest';
import {
  byRef,
  byValue,
  decidePassing,
  natural,
  type PassingPolicy,
} from '../../../../../../server/shared/rpc/values/policy.ts';
import { Reference, trip, write } from '../../../../../support/valueTrip.ts';

class Shape {
  readonly sides: number = 0;
}
class Square extends Shape {
  override readonly sides = 4;
}
const none: PassingPolicy = { types: [] };

describe('the rule that decides is', () => {
  const policy: PassingPolicy = {
    types: [
      { type: 'Shape', passing: 'value' },
      { type: Square, passing: 'reference' },
    ],
    objects: 'reference',
  };

  test.each<[string, object, PassingPolicy, 'value' | 'reference' | undefined, object]>([
    [
      'the mark, before all others',
      byValue(new Square()),
      policy,
      'reference',
      { passing: 'value', source: 'mark' },
    ],
    [
      'the nature of a function',
      () => 1,
      policy,
      'value',
      { passing: 'reference', source: 'nature' },
    ],
    ['the call', new Square(), policy, 'value', { passing: 'value', source: 'call' }],
    [
      'the nearest class',
      new Square(),
      policy,
      undefined,
      { passing: 'reference', source: 'type', type: 'Square' },
    ],
    [
      'a class further up, by name',
      new Shape(),
      policy,
      undefined,
      { passing: 'value', source: 'type', type: 'Shape' },
    ],
    [
      'the session',
      { plain: true },
      policy,
      undefined,
      { passing: 'reference', source: 'session' },
    ],
    [
      'the nature of plain data',
      { plain: true },
      none,
      undefined,
      { passing: 'value', source: 'nature' },
    ],
    [
      'the nature of a live object',
      new Shape(),
      none,
      undefined,
      { passing: 'reference', source: 'nature' },
    ],
    [
      'the nature of an error',
      new TypeError(),
      none,
      undefined,
      { passing: 'value', source: 'nature' },
    ],
    [
      'the nature of bytes',
      Buffer.from('x'),
      none,
      undefined,
      { passing: 'value', source: 'nature' },
    ],
    [
      'the nature of what has no class',
      Object.create(null) as object,
      none,
      undefined,
      { passing: 'value', source: 'nature' },
    ],
  ])('%s', (_what, value, rules, ofCall, decision) => {
    expect(decidePassing(value, rules, ofCall)).toEqual(decision);
  });

  test('the first of two for one class', () => {
    const twice: PassingPolicy = {
      types: [
        { type: 'Shape', passing: 'value' },
        { type: Shape, passing: 'reference' },
      ],
    };
    expect(decidePassing(new Shape(), twice, undefined).passing).toBe('value');
  });
});

describe('what was decided is done', () => {
  test('a live object goes by reference, what is copied loses its class', () => {
    const square = new Square();
    expect(write(square).references).toEqual([square]);
    expect(trip(square)).toBeInstanceOf(Reference);
    expect(trip(byValue(square))).toEqual({ sides: 4 });
    expect(trip(byValue(byRef(square)))).toEqual({ sides: 4 });
  });

  test('a mark works wherever it stands', () => {
    const data = { a: 1 };
    const { references } = write({ list: [byRef(data)], map: new Map([[1, byRef(data)]]) });
    expect(references).toEqual([data, data]);
  });

  test('a session may send all objects by reference, also lists', () => {
    const list = [{ a: 1 }];
    expect(write(list, { policy: { types: [], objects: 'reference' } }).references).toEqual([list]);
  });

  test('a rule for a class reaches the objects inside others', () => {
    const policy: PassingPolicy = { types: [{ type: 'Map', passing: 'reference' }] };
    const map = new Map();
    expect(write({ map }, { policy }).references).toEqual([map]);
  });

  test('what can hold nothing live is copied whatever the rules say', () => {
    const policy: PassingPolicy = {
      types: [{ type: 'Date', passing: 'reference' }],
      objects: 'reference',
    };
    expect(write(new Date(0), { policy }).references).toEqual([]);
    expect(write(Buffer.from('x'), { policy }).references).toEqual([]);
  });

  test('without rules nothing is asked', () => {
    expect(write({ when: new Date(0) }, { policy: natural }).references).toEqual([]);
  });
});

test.each([5, 'text', null, undefined])('%o cannot be marked', value => {
  for (const mark of [byRef, byValue]) {
    expect(() => mark(value as unknown as object)).toThrow(TypeError);
    expect(() => mark(value as unknown as object)).toThrow(/it takes an object or a function/u);
  }
});

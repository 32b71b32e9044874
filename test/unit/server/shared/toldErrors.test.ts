import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { GreenroomError, RemoteError } from '../../../../server/shared/errors.ts';
import { errorLimits, messageOf, toWireError } from '../../../../server/shared/toldErrors.ts';
import { parseWireError } from '../../../../server/shared/protocol/wireError.ts';

test.each([
  ['a text', 'words', /not an error: "words"/u],
  ['nothing', undefined, /not an error: undefined/u],
  ['a long text', 'x'.repeat(1_000), /…$/u],
  ['a list', ['a', 1], /not an error: \["a",1\]/u],
  ['an object of a class', new Map(), /not an error: \[object Map\]/u],
  ['an object without a prototype', Object.create(null), /not an error: \{\}/u],
  [
    'something that throws when it is looked at',
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('trap');
        },
      },
    ),
    /cannot be described/u,
  ],
])('%s that is thrown can be told', (_what, thrown, words) => {
  expect(messageOf(thrown)).toMatch(words);
});

test('an object that is thrown in place of an error keeps what errors have', () => {
  const thrown = { message: 'no such rule', code: 404, rule: 'x', toString: () => 'unlike it' };
  expect(toWireError(thrown)).toEqual({
    name: 'NonError',
    message: 'a value was thrown that is not an error: no such rule',
    code: 404,
    own: { rule: 'x' },
  });
});

test('what only calls itself an error is none', () => {
  expect(toWireError({ [Symbol.toStringTag]: 'Error', code: 'EX' })).toMatchObject({
    name: 'NonError',
    code: 'EX',
  });
  expect(toWireError({ [Symbol.toStringTag]: 'Error', message: 'm' })).toMatchObject({
    name: 'NonError',
  });
});

test('an error of another realm is one', () => {
  const thrown: unknown = runInNewContext('Object.assign(new RangeError("no"), { code: "EX" })');
  expect(toWireError(thrown)).toMatchObject({
    name: 'RangeError',
    message: 'no',
    code: 'EX',
    stack: expect.stringContaining('RangeError: no') as string,
  });
});

test('an error whose causes form a circle is told to a bounded depth', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(toWireError(error)).match(/"message":"round"/gu)!.length).toBeLessThan(12);
});

test('an error keeps its code on the way through two processes', () => {
  const first = new RemoteError(toWireError(new GreenroomError('tool.load', 'no')));
  const second = new RemoteError(toWireError(first));
  expect(second).toMatchObject({ code: 'tool.load', message: 'no' });
});

test('an error that comes from another process is passed on as what it was there', () => {
  const thrown = Object.assign(new RangeError('no'), { code: 'EX' });
  const first = new RemoteError(toWireError(thrown));
  expect(toWireError(first)).toEqual(toWireError(thrown));
});

test('an error names the call on which it depended on the way through two processes', () => {
  const failure = new GreenroomError('call.failed', 'no').of('open');
  expect(failure).toMatchObject({ message: "'open' failed: no", failedCall: 'open' });
  expect(failure.of('read')).toBe(failure);
  const told = new RemoteError(toWireError(failure));
  expect(told).toMatchObject({ message: "'open' failed: no", failedCall: 'open' });
});

describe('an error that stands for several', () => {
  const several = () =>
    new AggregateError([Object.assign(new RangeError('one'), { code: 'EX' }), 'two'], 'both');

  test('has them on the other side, and on the next', () => {
    const first = new RemoteError(parseWireError(toWireError(several())));
    const second = new RemoteError(parseWireError(toWireError(first)));
    for (const error of [first, second]) {
      expect(error).toMatchObject({ remoteName: 'AggregateError', message: 'both' });
      expect(error.errors).toMatchObject([
        { remoteName: 'RangeError', message: 'one', remoteCode: 'EX' },
        { remoteName: 'NonError', message: expect.stringContaining('"two"') as string },
      ]);
    }
    expect(first.of('open').errors).toHaveLength(2);
  });

  test('without words of its own says what they say', () => {
    const refused = ['::1', '127.0.0.1'].map(host => new Error(`connect ECONNREFUSED ${host}`));
    const error = Object.assign(new AggregateError(refused), { code: 'ECONNREFUSED' });
    expect(toWireError(error)).toMatchObject({
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1',
    });
  });

  test('has as many of them as the protocol allows, and may be one of them', () => {
    const error = new AggregateError(Array(50).fill(new Error('x')), 'many');
    expect(toWireError(error).errors).toHaveLength(errorLimits.errors);
    error.errors = [error, error, error];
    error.cause = error;
    const told = toWireError(error);
    expect(JSON.stringify(told).match(/"name":/gu)).toHaveLength(errorLimits.together);
    expect(parseWireError(told)).toEqual(told);
  });

  test('is told apart from one that has a list of data under that name', () => {
    const errors = [{ text: 'unexpected }', line: 3 }];
    const told = toWireError(Object.assign(new Error('1 error'), { errors }));
    expect(told).toMatchObject({ own: { errors } });
    expect(told).not.toHaveProperty('errors');
    expect(new RemoteError(told)).toMatchObject({ errors });
    expect(new RemoteError({ name: 'E', message: 'm' })).not.toHaveProperty('errors');
  });

  const one = { name: 'E', message: 'm' };
  const nested = (depth: number): object =>
    depth === 0 ? one : { ...one, errors: [nested(depth - 1)] };
  const wide = { ...one, errors: Array(errorLimits.errors).fill(one) };
  test.each([
    ['no list', { ...one, errors: one }],
    ['no errors', { ...one, errors: [1] }],
    ['gaps', { ...one, errors: Array(2) }],
    ['too many', { ...one, errors: Array(errorLimits.errors + 1).fill(one) }],
    ['too deep ones', nested(errorLimits.causes + 1)],
    ['too many together', { ...one, errors: Array(4).fill(wide) }],
  ])('breaks the protocol when it has %s', (_what, raw) => {
    expect(() => parseWireError(raw)).toThrow('an error');
    expect(parseWireError(nested(errorLimits.causes))).toEqual(nested(errorLimits.causes));
  });
});

describe('the properties of an error beside its name, message, code, stack and cause', () => {
  const told = (properties: object) => toWireError(Object.assign(new Error('x'), properties)).own;

  test('go with it as far as they are plain data', () => {
    const systemError = { errno: -2, code: 'ENOENT', syscall: 'open', path: '/nowhere' };
    const loc = { start: { line: 1, column: 2 }, end: undefined };
    expect(told({ ...systemError, loc, list: [1, [true, null]], input: undefined })).toEqual({
      errno: -2,
      syscall: 'open',
      path: '/nowhere',
      loc: { start: { line: 1, column: 2 } },
      list: [1, [true, null]],
    });
    expect(told({})).toBeUndefined();
  });

  const circle: unknown[] = [];
  circle.push(circle);
  test.each([
    ['a function', () => 1],
    ['an object of a class', { when: new Date() }],
    ['a circle', circle],
    ['a symbol', Symbol('no')],
    ['a big integer', 1n],
    ['a long list', Array(101).fill(0)],
    ['a long text in a list', ['x'.repeat(4_001)]],
    ['a long name in an object', { ['x'.repeat(4_001)]: 1 }],
    ['an object with a name that leads elsewhere', JSON.parse('{"__proto__":{"a":1}}') as unknown],
  ])('are left out when they are not: %s', (_what, value) => {
    expect(told({ value, errno: 1 })).toEqual({ errno: 1 });
  });

  test('are left out when they cannot be read, or when there are too many', () => {
    const error = Object.defineProperty(new Error('x'), 'broken', {
      get: () => {
        throw new Error('trap');
      },
      enumerable: true,
    });
    const names = Array.from({ length: 40 }, (_, n) => `p${n}`);
    for (const name of names) Object.assign(error, { [name]: 1 });
    expect(Object.keys(toWireError(error).own!)).toEqual(names.slice(0, 32));
  });

  test('are cut when they are long texts', () => {
    expect(told({ output: 'x'.repeat(5_000) })!['output']).toHaveLength(4_000);
  });

  test('are found on the other side, and go on to the next', () => {
    const first = new RemoteError(
      parseWireError(toWireError(Object.assign(new Error('x'), { errno: -2 }))),
    );
    const second = new RemoteError(parseWireError(toWireError(first)));
    expect([first, second]).toMatchObject([{ errno: -2 }, { errno: -2 }]);
    expect(toWireError(second).own).toEqual({ errno: -2 });
  });

  test('of a hostile peer change nothing that every error has', () => {
    const own = JSON.parse(
      '{"name":1,"message":1,"stack":1,"code":"session.lost","cause":1,"failedCall":1,' +
        '"remoteName":1,"remoteCode":1,"remoteStack":1,"hasCallerStack":1,"captureCaller":1,' +
        '"constructor":1,"toString":1,"hasOwnProperty":1,"__proto__":{"polluted":1},"errno":1}',
    ) as unknown;
    const plain = new RemoteError({ name: 'E', message: 'm' });
    const error = new RemoteError(parseWireError({ name: 'E', message: 'm', own }));
    expect(Object.keys(error)).toEqual([...Object.keys(plain), 'errno']);
    expect({ ...error }).toEqual({ ...plain, errno: 1 });
    expect(String(error)).toBe(String(plain));
    expect(Object.getPrototypeOf(error)).toBe(RemoteError.prototype);
    expect('polluted' in error).toBe(false);
  });

  test.each([[1], [[1]], [new Map()], [new Uint8Array(3)]])('are an object, and not %o', own => {
    expect(() => parseWireError({ name: 'E', message: 'm', own })).toThrow('not an object');
  });
});

describe('a code that comes from the other side', () => {
  test.each(['call.unknownMethod', 'tool.load', 'reference.released', 'queue.full'])(
    'is the error’s own where it tells how the call has failed there: %s',
    code => {
      const error = new RemoteError({ name: 'GreenroomError', message: 'no', code });
      expect(error).toMatchObject({ code, remoteCode: undefined });
    },
  );

  test.each(['call.notStarted', 'call.cancelled', 'session.lost', 'protocol.violation', 'ENOENT'])(
    'is somebody else’s where it could only be told here: %s',
    code => {
      const error = new RemoteError({ name: 'GreenroomError', message: 'no', code });
      expect(error).toMatchObject({ code: 'call.failed', remoteCode: code });
    },
  );
});

test.each(['ENOENT', 404, -1])('the thrower’s own code comes as it was there: %o', code => {
  const wire = parseWireError(toWireError(Object.assign(new Error('no'), { code })));
  expect(new RemoteError(wire)).toMatchObject({ code: 'call.failed', remoteCode: code });
});

test('a code of no finite number breaks the protocol', () => {
  for (const code of [Infinity, -Infinity, NaN]) {
    expect(() => parseWireError({ name: 'E', message: 'm', code })).toThrow('not a text');
  }
});

test('a code that is neither text nor a number is not told', () => {
  expect(toWireError(Object.assign(new Error('no'), { code: { a: 1 } }))).not.toHaveProperty(
    'code',
  );
  expect(toWireError(Object.assign(new Error('no'), { code: NaN }))).not.toHaveProperty('code');
});

import { expect, test } from 'vitest';
import {
  GreenroomError,
  messageOf,
  RemoteError,
  toWireError,
} from '../../../../server/shared/errors.ts';

test.each([
  ['a text', 'words', /not an error: "words"/u],
  ['nothing', undefined, /not an error: undefined/u],
  ['a long text', 'x'.repeat(1_000), /…$/u],
  ['an object without a prototype', Object.create(null), /cannot be described/u],
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
  expect(toWireError(first)).toMatchObject({ name: 'RangeError', code: 'EX', message: 'no' });
});

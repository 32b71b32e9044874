import { expect, test } from 'vitest';
import type { RemoteError } from '../../../../../server/shared/errors.ts';
import { Loopback } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

function throwing(): never {
  throw new RangeError('thrown here');
}

test('an error of this side that comes back tells where it was thrown, and by what way it came', async () => {
  async function askBack(callback: () => unknown) {
    return await callback();
  }
  using pair = new Loopback({ askBack });
  const failure = (await failureOf(pair.api.askBack(throwing))) as RemoteError;
  expect(failure).toMatchObject({ remoteName: 'RangeError', message: 'thrown here' });
  expect(failure.remoteStack).toMatch(
    /^RangeError: thrown here\n {4}at throwing [^]*\n {4}at [^\n]*askBack /u,
  );
});

test('an error that stands for several comes with them, also from an item of a batch', async () => {
  using pair = new Loopback({
    any: (...reasons: string[]) => Promise.any(reasons.map(one => Promise.reject(new Error(one)))),
  });
  const errors = [
    { remoteName: 'Error', message: 'one' },
    { remoteName: 'Error', message: 'two' },
  ];
  expect(await failureOf(pair.api.any('one', 'two'))).toMatchObject({ errors });
  const batch = pair.api.any.batch([['one', 'two']], { settle: true });
  expect(await batch).toMatchObject([{ status: 'rejected', reason: { errors } }]);
});

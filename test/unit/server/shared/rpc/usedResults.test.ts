import { describe, expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { endOfTurn, Loopback } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

const lost = new GreenroomError('session.lost', 'gone');

/** A call of `fail` fails when the test says so. */
function create() {
  const { promise, reject } = Promise.withResolvers<number>();
  promise.catch(() => undefined); // nobody may have called it yet
  const pair = new Loopback({ fail: () => promise, open: (..._args: unknown[]) => 1 });
  return Object.assign(pair, { letFail: () => reject(new Error('no')) });
}

const told = { name: 'fail', error: { message: 'no' } };

describe('a failure whose result another call uses', () => {
  test.each(['before', 'after'])('is told by that one only: used %s it fails', async when => {
    using pair = create();
    const first = pair.api.fail();
    await pair.idle();
    if (when === 'after') pair.letFail();
    await pair.idle();
    const second = pair.api.open(first);
    await endOfTurn();
    pair.letFail();
    expect(await failureOf(second)).toMatchObject({ failedCall: 'fail' });
    pair.host.fail(lost);
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  const unsendable = Symbol('no');

  test.each(['in the same turn', 'in a later one'])(
    'is told of by itself where that one could not be sent: %s',
    async when => {
      using pair = create();
      const first = pair.api.fail();
      if (when === 'in a later one') await pair.idle();
      const second = failureOf(pair.api.open(first, unsendable));
      expect(await second).toMatchObject({ code: 'value.unserializable' });
      pair.letFail();
      await pair.idle();
      first[Symbol.dispose]();
      await pair.idle();
      expect(pair.unseen).toMatchObject([told]);
    },
  );

  test('is not told where a third one uses it, whatever became of the second', async () => {
    using pair = create();
    const first = pair.api.fail();
    const third = failureOf(pair.api.open(first));
    await failureOf(pair.api.open(first, unsendable));
    pair.letFail();
    expect(await third).toMatchObject({ failedCall: 'fail' });
    first[Symbol.dispose]();
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  test('is not told where the second still waits for another result as all ends', async () => {
    using pair = create();
    const onItsWay = pair.api.fail();
    const failures = [failureOf(onItsWay)];
    await endOfTurn();
    failures.push(failureOf(pair.api.open(onItsWay, pair.api.fail())));
    await pair.idle();
    pair.host.fail(lost);
    await Promise.all(failures);
    await pair.idle();
    expect(pair.unseen).toEqual([]);
  });

  test.each(['from the first', 'later'])(
    'is not told where somebody awaits it, whatever became of the second: %s',
    async when => {
      using pair = create();
      const first = pair.api.fail();
      if (when === 'later') await pair.idle();
      const failure = failureOf(first);
      await Promise.resolve(); // by now it is awaited
      await failureOf(pair.api.open(first, unsendable));
      pair.letFail();
      expect(await failure).toMatchObject({ message: 'no' });
      await pair.idle();
      expect(pair.unseen).toEqual([]);
    },
  );
});

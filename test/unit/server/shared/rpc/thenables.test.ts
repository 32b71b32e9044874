import { expect, test } from 'vitest';
import { Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import { Loopback } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';
import { bytes, count, object, small } from '../../../../support/wireBytes.ts';

const remoteFunction = bytes(Tag.mine, count(2 * 9 + 1));

test('a result that awaiting would call fails its call', async () => {
  using pair = new Loopback({ never: () => new Promise(() => undefined) });
  const failure = failureOf(pair.api.never());
  await pair.idle();
  pair.hostPipe.deliver(bytes(Op.result, 1, object({ then: remoteFunction })));
  expect(await failure).toMatchObject({ code: 'value.unserializable' });
  expect(pair.host.ended).toBeUndefined();
});

test('a result that awaiting would call fails its call also when parts of it come late', async () => {
  const { promise, resolve } = Promise.withResolvers();
  using pair = new Loopback({
    never: () => new Promise(() => undefined),
    ask: (callback: () => unknown) => void callback(),
  });
  await pair.api.ask(() => promise);
  const failure = failureOf(pair.api.never());
  await pair.idle();
  const late = bytes(Tag.result, 1);
  pair.hostPipe.deliver(bytes(Op.result, 2, object({ then: remoteFunction, late })));
  await pair.idle();
  resolve(small(1));
  expect(await failure).toMatchObject({ code: 'value.unserializable' });
  expect(pair.host.ended).toBeUndefined();
});

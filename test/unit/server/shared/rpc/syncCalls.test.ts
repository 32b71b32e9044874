import { expect, test } from 'vitest';
import { Loopback } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';

interface Callback {
  (value: unknown): { self: { sync(): unknown } };
  sync(value: unknown): unknown;
}

/** A worker whose other channel is never answered. */
function create() {
  const sent: Uint8Array[] = [];
  const blockingPipe = {
    send: (frame: Uint8Array) => void sent.push(frame),
    receive: (): never => {
      throw new Error('nothing comes');
    },
  };
  const root = {
    ask: (callback: Callback) => callback.sync(1),
    askWithResult: (callback: Callback) => callback.sync([callback(1)]),
    askResult: (callback: Callback) => callback(1).self.sync(),
  };
  return Object.assign(new Loopback(root, { worker: { blockingPipe } }), { sent });
}

test.each(['askWithResult', 'askResult'] as const)(
  'a synchronous call cannot use a result that is not there: %s',
  async method => {
    using pair = create();
    const failure = await failureOf(pair.api[method]((value: unknown) => value));
    expect(failure).toMatchObject({ code: 'value.unserializable' });
    expect(pair.sent).toEqual([]);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  },
);

test('a synchronous call fails when its channel does', async () => {
  using pair = create();
  const failure = await failureOf(pair.api.ask((value: unknown) => value));
  expect(failure).toMatchObject({ message: 'nothing comes' });
  expect(pair.sent).toHaveLength(1);
});

test('a host cannot call and wait', () => {
  using pair = create();
  const { ask } = pair.api as unknown as { ask: { sync(): unknown } };
  expect(() => ask.sync()).toThrow('only a worker can call and wait');
});

import { Duplex, duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { PipeTransport } from '../../../../server/node/pipeTransport.ts';
import type { TransportEnd } from '../../../../server/shared/rpc/transport.ts';
import { frame } from '../../../support/wireBytes.ts';

function framed(text: string | Buffer): Buffer {
  return frame(Buffer.from(text));
}

function create(maxFrameBytes = 1_000_000) {
  const [near, far] = duplexPair();
  const transport = new PipeTransport(near, maxFrameBytes);
  const frames: string[] = [];
  const ends: TransportEnd[] = [];
  transport.onFrame(frame => frames.push(Buffer.from(frame).toString()));
  transport.onEnd(end => ends.push(end));
  return { near, far, transport, frames, ends };
}

test('frames cross in order, in both directions', async () => {
  const { far, transport, frames } = create();
  const other = new PipeTransport(far, 1_000);
  const echoed: string[] = [];
  other.onFrame(frame => {
    const text = Buffer.from(frame).toString();
    echoed.push(text);
    void other.send(framed(text));
  });
  for (const text of ['one', '', 'three']) void transport.send(framed(text));
  await expect.poll(() => frames).toEqual(['one', '', 'three']);
  expect(echoed).toEqual(frames);
});

test('a sender is told to wait while the other side does not read, and when it may go on', async () => {
  const { far, transport } = create();
  const sends = Array.from({ length: 50 }, () => transport.send(framed(Buffer.alloc(50_000))));
  let isThereRoom = false;
  void Promise.resolve(sends.at(-1)).then(() => (isThereRoom = true));
  await new Promise(setImmediate);
  expect(isThereRoom).toBe(false);
  far.resume();
  expect(await sends.at(-1)).toBe(true);
});

test('after its end nothing is sent and nobody waits', () => {
  const { transport, ends } = create();
  transport.dispose();
  expect(transport.send(framed('late'))).toBe(false);
  expect(ends).toEqual([{}]);
});

test('an end in the middle of a frame is an error, an end between frames is not', async () => {
  const cut = create();
  cut.far.end(Buffer.from([9, 0, 0, 0, 1]));
  await expect.poll(() => cut.ends).toHaveLength(1);
  expect(cut.ends).toMatchObject([{ error: { message: 'the pipe closed 5 bytes into a frame' } }]);
  const clean = create();
  clean.far.end();
  await expect.poll(() => clean.ends).toEqual([{}]);
});

test.each([
  ['writing', 'write', true],
  ['reading, which comes behind all there was,', 'read', false],
])(
  'an error of %s says whether something may not have been read',
  async (_what, syscall, isCutOff) => {
    const { near, ends } = create();
    const error = Object.assign(new Error(`${syscall} EPIPE`), { syscall });
    near.destroy(error);
    await expect.poll(() => ends).toEqual([{ error, isCutOff }]);
  },
);

test('a frame whose writing fails at once is known not to arrive, and the end comes later', async () => {
  const error = Object.assign(new Error('write EPIPE'), { syscall: 'write' });
  const stream = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(error),
  });
  const transport = new PipeTransport(stream, 1_000);
  const ends: TransportEnd[] = [];
  transport.onEnd(end => ends.push(end));
  expect(transport.send(framed('lost'))).toBe(false);
  expect(ends).toEqual([]);
  await expect.poll(() => ends).toEqual([{ error, isCutOff: true }]);
});

test('a frame for a stream that was closed is known not to arrive', () => {
  const { near, transport } = create();
  near.destroy();
  expect(transport.send(framed('late'))).toBe(false);
});

test('a frame that cannot leave after all is not said to have left', async () => {
  const failing = Promise.withResolvers<Error>();
  const stream = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => void failing.promise.then(done),
  });
  const transport = new PipeTransport(stream, 1_000);
  const ends: TransportEnd[] = [];
  transport.onEnd(end => ends.push(end));
  const leaving = transport.send(framed('lost'));
  failing.resolve(new Error('write EPIPE'));
  expect(await leaving).toBe(false);
  expect(transport.send(framed('late'))).toBe(false);
  await expect.poll(() => ends).toHaveLength(1);
});

test('one that is closed before its end says so too', async () => {
  const { near, ends } = create();
  near.destroy();
  await expect.poll(() => ends).toEqual([{ isCutOff: true }]);
});

test('a frame larger than agreed ends the transport at its announcement', async () => {
  const { far, ends, frames } = create(10);
  far.write(Buffer.from([11, 0, 0, 0]));
  await expect.poll(() => ends).toHaveLength(1);
  expect(ends[0]).toMatchObject({ error: { code: 'protocol.violation' } });
  expect(frames).toEqual([]);
});

test('its process learns how soon answers come, to stay awake for the next', async () => {
  const [near, far] = duplexPair();
  const seen: string[] = [];
  const poll = { sent: () => void seen.push('sent'), received: () => void seen.push('received') };
  const transport = new PipeTransport(near, 1_000, poll);
  void transport.send(framed('question'));
  expect(seen).toEqual(['sent']);
  far.write(framed('answer'));
  await expect.poll(() => seen).toEqual(['sent', 'received']);
});

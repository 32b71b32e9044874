import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { PipeTransport } from '../../../server/node/pipeTransport.ts';
import type { TransportEnd } from '../../../server/shared/rpc/transport.ts';

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
    echoed.push(Buffer.from(frame).toString());
    void other.send(frame);
  });
  await transport.send(Buffer.from('one'));
  await transport.send(Buffer.from(''));
  await transport.send(Buffer.from('three'));
  await expect.poll(() => frames).toEqual(['one', '', 'three']);
  expect(echoed).toEqual(frames);
});

test('a sender waits while the other side does not read, however many frames it has sent', async () => {
  const { near, far, transport } = create();
  const sends = Array.from({ length: 50 }, () => transport.send(Buffer.alloc(50_000)));
  let isThereRoom = false;
  void Promise.all(sends).then(() => (isThereRoom = true));
  await new Promise(setImmediate);
  expect(isThereRoom).toBe(false);
  expect(near.listenerCount('drain')).toBe(1);
  far.resume();
  await Promise.all(sends);
  expect(near.listenerCount('drain')).toBe(0);
});

test('whoever waits for room is told when the pipe closes', async () => {
  const { transport, ends } = create();
  const send = transport.send(Buffer.alloc(500_000));
  transport.dispose();
  await expect(send).rejects.toThrow('closed');
  await expect(transport.send(Buffer.alloc(1))).rejects.toThrow('closed');
  expect(ends).toEqual([{}]);
});

test('an end in the middle of a frame is an error, an end between frames is not', async () => {
  const cut = create();
  cut.far.end(Buffer.from([9, 0, 0, 0, 1]));
  await expect
    .poll(() => cut.ends)
    .toEqual([
      {
        error: expect.objectContaining({
          message: expect.stringContaining('1 bytes into') as string,
        }) as Error,
      },
    ]);
  const clean = create();
  clean.far.end();
  await expect.poll(() => clean.ends).toEqual([{}]);
});

test('a frame larger than agreed ends the transport at its announcement', async () => {
  const { far, ends, frames } = create(10);
  far.write(Buffer.from([11, 0, 0, 0]));
  await expect.poll(() => ends).toHaveLength(1);
  expect(ends[0]).toMatchObject({ error: { code: 'protocol.violation' } });
  expect(frames).toEqual([]);
});

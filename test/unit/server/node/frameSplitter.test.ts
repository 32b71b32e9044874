import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameSplitter } from '../../../../server/node/frameSplitter.ts';
import { collectGarbage } from '../../../support/garbage.ts';
import { frame } from '../../../support/wireBytes.ts';

function create(maxFrameBytes = 1_000) {
  const frames: number[][] = [];
  return { frames, splitter: new FrameSplitter(maxFrameBytes, body => frames.push([...body])) };
}

test('frames come out whole and in order, however the chunks fall', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(bodies, cuts, (sent, places) => {
      const stream = Buffer.concat(sent.map(body => frame(body)));
      const inside = places.filter(at => at < stream.length).sort((a, b) => a - b);
      const edges = [0, ...inside, stream.length];
      const { splitter, frames } = create();
      edges.forEach((edge, index) =>
        splitter.push(stream.subarray(edge, edges[index + 1] ?? edge)),
      );
      expect(frames).toEqual(sent.map(body => [...body]));
      expect(splitter.unfinishedBytes).toBe(0);
    }),
  );
});

test('a frame that is announced larger than agreed is refused before it is kept', () => {
  const { splitter } = create(10);
  expect(() => splitter.push(Buffer.from([11, 0, 0, 0]))).toThrow(/11 bytes was announced/u);
});

test('a frame of exactly the agreed size is taken', () => {
  const { splitter, frames } = create(3);
  splitter.push(frame(Buffer.from([1, 2, 3])));
  expect(frames).toEqual([[1, 2, 3]]);
});

test('a frame that has not come to its end is told, its length bytes among it', () => {
  const { splitter, frames } = create(10);
  splitter.push(Buffer.from([5, 0, 0, 0, 1, 2]));
  expect(frames).toEqual([]);
  expect(splitter.unfinishedBytes).toBe(6);
});

test('a frame that comes byte by byte takes hardly more memory than it has bytes', () => {
  const size = 1024 * 1024;
  const body = Buffer.alloc(size, Buffer.from('some bytes, so that their order is seen'));
  const received: Buffer[] = [];
  const splitter = new FrameSplitter(size, frame => received.push(frame));
  const stream = frame(body);
  const before = memory();
  // Each in memory of its own, as a pipe hands them out.
  for (const byte of stream.subarray(0, -1)) splitter.push(Buffer.from(Uint8Array.of(byte).buffer));
  expect(memory() - before).toBeLessThan(3 * size);
  expect(splitter.unfinishedBytes).toBe(stream.length - 1);
  splitter.push(stream.subarray(-1));
  expect(received).toHaveLength(1);
  expect(Buffer.compare(received[0]!, body)).toBe(0);
});

function memory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

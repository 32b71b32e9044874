import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameSplitter, lengthPrefix } from '../../../server/node/frameSplitter.ts';

const framed = (bytes: Uint8Array) => Buffer.concat([lengthPrefix(bytes), bytes]);

test('frames come out whole and in order, however the chunks fall', () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(frames, cuts, (sent, places) => {
      const stream = Buffer.concat(sent.map(framed));
      const edges = [
        0,
        ...places.filter(at => at < stream.length).sort((a, b) => a - b),
        stream.length,
      ];
      const splitter = new FrameSplitter(1_000);
      const received = edges.flatMap((edge, index) => [
        ...splitter.push(stream.subarray(edge, edges[index + 1] ?? edge)),
      ]);
      expect(received.map(frame => [...frame])).toEqual(sent.map(frame => [...frame]));
      expect(splitter.unfinishedBytes).toBe(0);
    }),
  );
});

test('a frame that is announced larger than agreed is refused before it is kept', () => {
  const splitter = new FrameSplitter(10);
  expect(() => [...splitter.push(Buffer.from([11, 0, 0, 0]))]).toThrow(/11 bytes was announced/u);
});

test('a frame that has not come to its end is told', () => {
  const splitter = new FrameSplitter(10);
  expect([...splitter.push(Buffer.from([5, 0, 0, 0, 1, 2]))]).toEqual([]);
  expect(splitter.unfinishedBytes).toBe(2);
});

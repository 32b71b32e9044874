import { expect, test } from 'vitest';
import { Op, sentAhead, Tag } from '../../../server/shared/protocol/wire.ts';
import { noneLive } from '../../support/loopback.ts';
import {
  describePython,
  PythonProcess,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { call } from '../../support/refusedFrames.ts';
import { failureOf, type Remote } from '../../support/remote.ts';
import { bytes, count, frame } from '../../support/wireBytes.ts';

const program = supportProgram('fewBytesAhead.py');

/** What fewBytesAhead.py offers, which takes and gives 2,000,000 bytes ahead of a message. */
interface Root {
  size(data: Uint8Array): number;
  filled(length: number, byte: number): Uint8Array;
  unsendable(length: number): unknown;
  tell(callback: (data: Uint8Array) => number, times: number): number[];
}

const piece = (length: number) => frame(Op.piece, count(length), Buffer.alloc(length));

describePython('what a host sends ahead', () => {
  const size = 1_000_000;
  const taking = (id: number) =>
    frame(call(id, 'size', 1, bytes(Tag.segment, 2, sentAhead, count(2 * size))));

  test('is bounded, not counting what its messages have taken', async () => {
    using worker = new PythonProcess(program);
    worker.channel.on('error', () => undefined).resume();
    for (let id = 1; id < 4; id++) {
      worker.channel.write(bytes(piece(size), piece(size), taking(id)));
    }
    worker.channel.write(frame(Op.bye));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test('ends the worker when it is more', async () => {
    using worker = new PythonProcess(program);
    worker.channel.on('error', () => undefined).resume();
    worker.channel.write(bytes(piece(size), piece(size), piece(1), taking(1), frame(Op.bye)));
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.output.stderr).toContain('more than 2000000 bytes came ahead of a message');
  });
});

describePython('what a worker sends ahead', () => {
  const root = (session: PythonSession) => session.connection.root as Remote<Root>;

  test('is bounded, and nothing of it is sent with a message that is not', async () => {
    await using session = new PythonSession({ program });
    const { filled, unsendable } = root(session);
    const most = 2_000_000;
    expect(await failureOf(filled(most + 1, 1))).toMatchObject({
      code: 'frame.tooLarge',
      message: expect.stringContaining('more than the limit of 2000000') as string,
    });
    for (let byte = 0; byte < 3; byte++) {
      expect(await failureOf(unsendable(most))).toMatchObject({ code: 'value.unserializable' });
      expect(Buffer.compare(await filled(most, byte), Buffer.alloc(most, byte))).toBe(0);
    }
    expect(session.connection.live).toEqual(noneLive);
  });

  test('waits for a host that does not read, up to a bound, and arrives when it does', async () => {
    await using session = new PythonSession({ program });
    await session.hello;
    const told: number[] = [];
    session.process.channel.pause();
    const lengths = root(session).tell(data => {
      told.push(data[0]!);
      return data.length;
    }, 5);
    const answer = lengths.then(value => value);
    await session.process.prints('stderr', /queue\.full/u);
    session.process.channel.resume();
    expect(await answer).toEqual([1_900_000, 1_900_000]);
    expect(told).toEqual([0, 1]);
    expect(session.connection.ended).toBeUndefined();
  });
});

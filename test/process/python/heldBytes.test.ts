import { expect, test } from 'vitest';
import { CallFlag, Op, sentAhead, Tag } from '../../../server/shared/protocol/wire.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import {
  describePython,
  PythonProcess,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { call } from '../../support/refusedFrames.ts';
import { bytes, count, frame } from '../../support/wireBytes.ts';

const program = supportProgram('fewBytesHeld.py');

/** What calls of a side that serves none may hold in fewBytesHeld.py before another one comes. */
const most = 150_000;

type Give = (data: Uint8Array) => unknown;

interface Races {
  give_all(callback: Give, size: number, times: number): number[];
  give_at_once(callback: Give, size: number, threads: number): number[];
}

/** Calls of one frame are all there before the first of them is answered. */
describePython('calls that a worker has not answered', () => {
  test.each([
    [200, 0],
    [201, 1],
  ])('while it makes none: of %d it ends with %d', async (calls, code) => {
    using worker = new PythonProcess(supportProgram('fewCalls.py'));
    worker.channel.on('error', () => undefined).resume();
    const made = Array.from({ length: calls }, (_, id) => call(id + 1, 'none', CallFlag.want));
    worker.channel.write(frame(...made, Op.bye));
    expect(await worker.exited).toEqual({ code, signal: null });
  });
});

describePython('the bytes of calls that a worker has not answered', () => {
  function holding(size: number): Buffer {
    const withBytes = (length: number) =>
      call(1, 'none', CallFlag.want, bytes(Tag.bytes, 2, count(length), Buffer.alloc(length)));
    return withBytes(size - withBytes(most).length + most);
  }

  function holdingAhead(size: number): Buffer {
    const ahead = (length: number) =>
      call(1, 'none', CallFlag.want, bytes(Tag.segment, 2, sentAhead, count(length)));
    const length = size - ahead(most).length;
    return bytes(Op.piece, count(length), Buffer.alloc(length), ahead(length));
  }

  const oneMore = (length: number) =>
    call(2, 'none', CallFlag.keep, bytes(Tag.bytes, 2, count(length), Buffer.alloc(length)));

  test.each([
    ['in the message', holding(most - 1), oneMore(most)],
    ['ahead of it', holdingAhead(most - 1), oneMore(most)],
    ['with one more that is light', holding(most), oneMore(10)],
  ])('are bounded, not counting those of one more: %s', async (_where, held, more) => {
    using worker = new PythonProcess(program);
    worker.channel.on('error', () => undefined).resume();
    worker.channel.write(frame(held, more, Op.bye));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test.each([
    ['in the message', holding],
    ['ahead of it', holdingAhead],
  ])('end the worker when one more comes: %s', async (_where, held) => {
    using worker = new PythonProcess(program);
    worker.channel.on('error', () => undefined).resume();
    worker.channel.write(frame(held(most), oneMore(200), Op.bye));
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.output.stderr).toContain('too many calls at once, or calls with too many bytes');
  });

  test('do not count any more when these have been answered, however they ended', async () => {
    await using session = new PythonSession({ program });
    const workshop = session.load<Workshop>(workshopFile);
    const data = Buffer.alloc(0.4 * most);
    for (let times = 0; times < 5; times++) {
      const [noted, failed] = [workshop.note(data), Promise.resolve(workshop.add(data, 1))];
      expect(await noted).toBe(times + 1);
      await expect(failed).rejects.toThrow();
    }
  });
});

describePython('the bytes of calls that a host has not answered', () => {
  const load = (session: PythonSession) => session.load<Races>(supportProgram('races.py'));

  /** As many as there were when no more could be sent; then all are answered. */
  function untilFull(session: PythonSession) {
    const answer = Promise.withResolvers<number>();
    const came = Promise.withResolvers<void>();
    const full = came.promise.then(async () => {
      // The worker answers this where it waits, which it does only without room.
      const { worker } = await session.live();
      answer.resolve(1);
      return worker.calls;
    });
    const callback = () => {
      came.resolve();
      return answer.promise;
    };
    return { callback, full };
  }

  // The call that makes them is being served, and perhaps the question too: there is twice or three times the room.
  test.each([
    ['in their messages', 60_000, false, [5, 8]],
    ['in shared memory', 100_000, true, [3, 5]],
    ['ahead of their messages', 1_100_000, false, [2, 3]],
  ])('are bounded; the others wait: %s', async (_where, size, hasSegments, calls) => {
    await using session = new PythonSession({ program, hasSegments });
    const { callback, full } = untilFull(session);
    const all = load(session).give_all(callback, size, 12);
    expect(await all).toEqual(Array<number>(12).fill(1));
    expect(await full).toBeOneOf(calls);
  });

  test('are bounded whatever threads call at once', async () => {
    await using session = new PythonSession({ program });
    const threads = 8;
    let served = 0;
    let mostServed = 0;
    const callback = async () => {
      mostServed = Math.max(mostServed, ++served);
      await new Promise(setImmediate);
      served--;
      return 1;
    };
    const all = load(session).give_at_once(callback, most, threads);
    expect(await all).toEqual(Array<number>(threads).fill(1));
    expect(mostServed).toBeLessThanOrEqual(2);
  });

  test.each([most, 8 * most])(
    'do not keep calls from ending that call each other: %i bytes',
    async size => {
      await using session = new PythonSession({ program });
      const races = load(session);
      const sizes: number[] = [];
      const nested = async (data: Uint8Array): Promise<number> => {
        sizes.push(data.length);
        if (sizes.length < 8) await races.give_all(nested, data.length, 1);
        return data.length;
      };
      expect(await races.give_all(nested, size, 1)).toEqual([size]);
      expect(sizes).toHaveLength(8);
    },
  );
});

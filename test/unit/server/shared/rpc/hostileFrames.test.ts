import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../../server/shared/rpc/connection.ts';
import { CallFlag, Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { endOfTurn, Loopback, noneLive } from '../../../../support/loopback.ts';
import { failureOf } from '../../../../support/remote.ts';
import {
  call,
  refusedByHosts,
  refusedByWorkers,
  wireError,
} from '../../../../support/refusedFrames.ts';
import {
  bytes,
  count,
  float64,
  object,
  small,
  text,
  textValue,
  type Part,
} from '../../../../support/wireBytes.ts';

const want = CallFlag.want;
const keep = CallFlag.keep;
const root = 0;

class Thing {
  touch() {
    return this;
  }
}

function create() {
  return new Loopback({
    echo: (value: unknown) => value,
    never: () => new Promise<never>(() => undefined),
    make: () => new Thing(),
    take: (_value: unknown) => undefined,
  });
}

function ended(connection: Connection): unknown {
  return (connection.ended?.error as { code?: unknown } | undefined)?.code;
}

/** Ends both sides, as the owner of a connection does, and expects that nothing is left. */
function expectBare(pair: Omit<Loopback<object>, 'api'>): void {
  const lost = new GreenroomError('session.lost', 'over');
  pair.host.fail(lost);
  pair.worker.fail(lost);
  expect(pair.live).toEqual({ host: noneLive, worker: noneLive });
  expect(pair.platform.clock.pending).toBe(0);
}

describe('a frame that breaks the protocol ends the connection of whoever receives it', () => {
  test.each(refusedByWorkers)('%s', (_what, parts) => {
    using pair = create();
    pair.workerPipe.deliver(bytes(...parts));
    expect(ended(pair.worker)).toBe('protocol.violation');
    expect(pair.ends.worker).toHaveLength(1);
    expectBare(pair);
  });

  test.each(refusedByHosts)('%s', (_what, parts) => {
    using pair = create();
    pair.hostPipe.deliver(bytes(...parts));
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
  });
});

describe('an answer that breaks the protocol ends the connection, and its call once', () => {
  test('word that it is done, of a call whose value was asked for and is kept too', async () => {
    using pair = create();
    const call = pair.api.never();
    void failureOf(call);
    void failureOf(pair.api.echo(call));
    await pair.idle();
    pair.hostPipe.deliver(bytes(Op.done, 1));
    expect(ended(pair.host)).toBe('protocol.violation');
  });

  const badResult = (value: Part) => [Op.result, 1, value];
  test.each<[string, Part[]]>([
    ['a second answer', [Op.result, 1, small(1), Op.result, 1, small(2)]],
    ['an error after the answer', [Op.result, 1, small(1), Op.error, 1, 0, wireError]],
    ['an answer without its value', [Op.result, 1]],
    ['an answer with bytes behind it', [Op.result, 1, small(1), 0]],
    ['word that it is done, when the value was asked for', [Op.done, 1]],
    ['a start of a call whose times nobody wants', [Op.started, 1, float64(1), float64(2)]],
    ['an error that has times perhaps', [Op.error, 1, 2, wireError]],
    ['a value that is the result of nothing', badResult(bytes(Tag.result, 3))],
  ])('%s', async (_what, parts) => {
    using pair = create();
    let ends = 0;
    const answer = pair.api.never().then(
      () => ends++,
      () => ends++,
    );
    await pair.idle();
    pair.hostPipe.deliver(bytes(...parts));
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
    await answer;
    expect(ends).toBe(1);
  });

  test.each<[string, Part]>([
    ['is not there before', small(1)],
    ['is not there before, usable or not', bytes(Tag.yours, 1)],
  ])('word that a result is kept comes first: what was asked for %s', async (_what, value) => {
    using pair = create();
    using thing = await pair.api.make();
    const given = pair.api.take(() => 1); // the host has an object 1, which is released at once
    await pair.idle();
    const result = pair.api.never();
    await pair.idle();
    const late = failureOf(result);
    await endOfTurn();
    pair.hostPipe.deliver(bytes(Op.release, 1, 1, Op.result, 3, value));
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
    expect(await late).toMatchObject({ code: 'session.lost' });
    void [thing, given];
  });

  test('a traced call is not answered without its times', async () => {
    using pair = create();
    const call = failureOf(pair.api.never.with({ deadlineMs: 1_000 })());
    await pair.idle();
    pair.hostPipe.deliver(bytes(Op.result, 1, small(1)));
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
    await call;
  });

  test('a traced call does not start twice', async () => {
    using pair = create();
    const call = failureOf(pair.api.never.with({ deadlineMs: 1_000 })());
    await pair.idle();
    pair.hostPipe.deliver(bytes(Op.started, 1, float64(1), float64(2)));
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
    await call;
  });

  test('acknowledging again and again does not lengthen the grace period', async () => {
    using pair = create();
    const call = failureOf(pair.api.never.with({ deadlineMs: 50 })());
    await pair.idle();
    pair.platform.clock.advance(50);
    await call;
    for (let left = 4; left > 0; left--) {
      pair.hostPipe.deliver(bytes(Op.cancelling, 1));
      pair.platform.clock.advance(40);
    }
    expect(pair.stuck).toEqual(['ignoring']);
    expectBare(pair);
  });

  test('an acknowledgement that nobody waits for is late, not wrong', async () => {
    using pair = create();
    pair.hostPipe.deliver(bytes(Op.cancelling, 99));
    expect(pair.host.ended).toBeUndefined();
  });

  test('a cancellation of a call that nobody has made is late, not wrong', () => {
    using pair = create();
    pair.workerPipe.deliver(bytes(Op.cancel, 99));
    expect(pair.worker.ended).toBeUndefined();
  });

  test('a result that is answered again while parts of it are still to come', async () => {
    using pair = create();
    const failure = failureOf(pair.api.never());
    const ask = pair.host.root as { never: (callback: () => unknown) => PromiseLike<unknown> };
    void failureOf(ask.never(() => new Promise(() => undefined)));
    await pair.idle();
    const late = bytes(Op.result, 1, Tag.array, 1, Tag.result, 1);
    pair.hostPipe.deliver(bytes(Op.call, keep, 1, count(2), 0, 0));
    pair.hostPipe.deliver(late);
    expect(pair.host.ended).toBeUndefined();
    pair.hostPipe.deliver(late);
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
    await failure;
  });

  test('being done twice does not leave a caller waiting for ever', async () => {
    using pair = create();
    const result = pair.api.never();
    await pair.idle();
    const late = failureOf(result);
    await new Promise(setImmediate);
    pair.hostPipe.deliver(bytes(Op.done, 1, Op.done, 1));
    expect(ended(pair.host)).toBe('protocol.violation');
    expectBare(pair);
    expect(await late).toMatchObject({ code: 'session.lost' });
  });

  test('a batch whose answer is none fails its caller', async () => {
    for (const answer of [
      small(1),
      bytes(Tag.array, 0),
      bytes(Tag.array, 2, Tag.array, 0, Tag.array, 1, small(1)),
    ]) {
      using pair = create();
      const call = failureOf(pair.api.never.batch([[]]));
      await pair.idle();
      pair.hostPipe.deliver(bytes(Op.result, 1, answer));
      expect(await call).toMatchObject({ code: 'protocol.violation' });
      expectBare(pair);
    }
  });
});

describe('references', () => {
  test('that are released more often than they were given end the connection', async () => {
    using pair = create();
    const thing = await pair.api.make();
    pair.workerPipe.deliver(bytes(Op.release, 1, 2));
    expect(ended(pair.worker)).toBe('protocol.violation');
    expectBare(pair);
    thing[Symbol.dispose]();
  });

  test('that are released twice end the connection', async () => {
    using pair = create();
    const thing = await pair.api.make();
    pair.workerPipe.deliver(bytes(Op.release, 1, 1, Op.release, 1, 1));
    expect(ended(pair.worker)).toBe('protocol.violation');
    expectBare(pair);
    thing[Symbol.dispose]();
  });

  test('to the root cannot be released', () => {
    using pair = create();
    pair.workerPipe.deliver(bytes(Op.release, 0, 0));
    expect(ended(pair.worker)).toBe('protocol.violation');
  });

  test('that were released fail the call that names them, and nothing else', async () => {
    using pair = create();
    const thing = await pair.api.make();
    pair.workerPipe.deliver(bytes(Op.release, 1, 1));
    const frames = pair.workerPipe.sent.length;
    pair.workerPipe.deliver(
      bytes(call(50, 'take', want, bytes(Tag.yours, 1)), Op.get, want, 51, 2, 0),
    );
    await endOfTurn();
    expect(pair.worker.ended).toBeUndefined();
    const answers = Buffer.concat(pair.workerPipe.sent.slice(frames)).toString('latin1');
    expect(answers.split('reference.released')).toHaveLength(3);
    pair.host.dispose();
    thing[Symbol.dispose]();
  });

  test('of ours that are not ours any more fail the call that they answer', async () => {
    using pair = create();
    const answer = failureOf(pair.api.take(() => 1));
    await endOfTurn();
    pair.hostPipe.deliver(bytes(Op.release, 1, 1, Op.result, 1, Tag.yours, 1));
    expect(await answer).toMatchObject({ code: 'reference.released' });
    expect(pair.host.ended).toBeUndefined();
  });
});

describe('a valid frame', () => {
  const frames: [string, Buffer][] = [
    [
      'a call',
      bytes(
        call(1, 'echo', want, bytes(Tag.array, 3, Tag.int32, 1, 2, 3, 4, textValue('x'), Tag.null)),
      ),
    ],
    [
      'a call of everything',
      bytes(
        call(
          2,
          'echo',
          want | keep,
          object({
            a: bytes(Tag.float64, float64(0.5)),
            b: bytes(Tag.map, 1, textValue('k'), bytes(Tag.set, 1, small(1))),
            c: bytes(Tag.bytes, 6, 4, 1, 2, 3, 4),
            d: bytes(Tag.error, text('TypeError'), 0, 0, 1, text('message'), textValue('m')),
            e: bytes(Tag.bigint, 1, 2, 1, 2),
            f: bytes(Tag.regexp, text('a'), text('g')),
          }),
        ),
      ),
    ],
    ['a batch', bytes(Op.batch, want, 1, root, 1, text('echo'), 0, 2, 1, small(1), 1, small(2))],
    ['a set', bytes(Op.set, want, 1, root, 1, text('x'), textValue('value'))],
    ['a welcome', bytes(Op.welcome, object({ segments: textValue('/tmp/x') }))],
    [
      'a long text',
      bytes(call(1, 'echo', want, bytes(Tag.text, 255, 4, 0, 0, 0, Buffer.from('long')))),
    ],
  ];

  test.each(frames)('that is cut off anywhere ends the connection: %s', (_what, frame) => {
    {
      using pair = create();
      pair.workerPipe.deliver(frame);
      expect(pair.worker.ended).toBeUndefined();
    }
    for (let end = 1; end < frame.length; end++) {
      using pair = create();
      pair.workerPipe.deliver(frame.subarray(0, end));
      expect([end, ended(pair.worker)]).toEqual([end, 'protocol.violation']);
      expectBare(pair);
    }
  });

  test.each(frames)(
    'with one byte changed ends the connection or does nothing: %s',
    (_what, frame) => {
      for (let at = 0; at < frame.length; at++) {
        for (const byte of [0, 1, 0x7f, 0x80, 0xfe, 0xff]) {
          using pair = create();
          const forged = Buffer.from(frame);
          forged[at] = byte;
          pair.workerPipe.deliver(forged);
          expect([undefined, 'protocol.violation']).toContain(ended(pair.worker));
          expectBare(pair);
        }
      }
    },
  );

  test('may be empty', () => {
    using pair = create();
    pair.workerPipe.deliver(Buffer.alloc(0));
    expect(pair.worker.ended).toBeUndefined();
  });
});

test('random bytes end the connection or do nothing: they never throw, and no call hangs', async () => {
  const op = fc.integer({ min: 0, max: 20 });
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    op.map(byte => Buffer.of(byte)),
  );
  const frame = fc.tuple(op, fc.array(part, { maxLength: 6 }));
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 4 }), async frames => {
      using pair = create();
      let hasEnded = false;
      const call = pair.api.never().then(
        () => (hasEnded = true),
        () => (hasEnded = true),
      );
      const kept = pair.api.never();
      await endOfTurn();
      for (const [first, parts] of frames) {
        pair.hostPipe.deliver(bytes(first, ...parts));
        pair.workerPipe.deliver(bytes(first, ...parts));
      }
      for (const side of [pair.host, pair.worker]) {
        expect([undefined, 'protocol.violation']).toContain(ended(side));
      }
      expectBare(pair);
      await call;
      expect(hasEnded).toBe(true);
      kept[Symbol.dispose]();
    }),
    { numRuns: 1_000 },
  );
});

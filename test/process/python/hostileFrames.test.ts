import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallFlag, Op, Tag } from '../../../server/shared/protocol/wire.ts';
import {
  describePython,
  PythonProcess,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { call } from '../../support/refusedFrames.ts';
import {
  bytes,
  float64,
  frame,
  object,
  small,
  text,
  textValue,
  type Part,
} from '../../support/wireBytes.ts';

/** A worker that gets bytes and nothing else. */
function victim() {
  const worker = new PythonProcess(supportProgram('servesTheVectors.py'));
  worker.channel.on('error', () => undefined).resume();
  return worker;
}

const broken = { code: 1, signal: null };

describePython('bytes that are no frames', () => {
  test('end the worker when the channel closes in the middle', async () => {
    using worker = victim();
    worker.channel.end(frame(call(1, 'echo')).subarray(0, 7));
    expect(await worker.exited).toEqual(broken);
    expect(worker.output.stderr).toContain('the pipe closed 7 bytes into a frame');
  });

  test('end it when they announce too much', async () => {
    using worker = victim();
    worker.channel.write(Buffer.alloc(4, 0xff));
    expect(await worker.exited).toEqual(broken);
    expect(worker.output.stderr).toContain('a frame of 4294967295 bytes was announced');
  });

  test('that come one by one are frames all the same', async () => {
    using worker = victim();
    const whole = bytes(frame(), frame(call(1, 'echo')), frame(Op.bye));
    for (const byte of whole) worker.channel.write(Buffer.of(byte));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });
});

function withCode(code: Buffer): Buffer {
  return object({ name: textValue('E'), message: textValue('it failed'), code });
}

describePython('the answer to a call whose result is kept, and was asked for', () => {
  /** What a worker says from the beginning, once it has called object 1 of its host and asked for the result. */
  async function asked(worker: PythonProcess, method = 'ask'): Promise<() => Buffer> {
    const chunks: Buffer[] = [];
    const said = () => Buffer.concat(chunks);
    worker.channel.on('data', (chunk: Buffer) => chunks.push(chunk));
    worker.channel.write(frame(call(1, method, CallFlag.want, bytes(Tag.mine, 3))));
    const pull = bytes(Op.pull, 1);
    await expect.poll(() => said().subarray(-pull.length)).toEqual(pull);
    return said;
  }

  test('changes nothing when the call has failed before', async () => {
    using worker = victim();
    const said = await asked(worker, 'ask_and_pass_on');
    const error = object({ name: textValue('E'), message: textValue('it failed') });
    worker.channel.write(frame(Op.error, 1, 0, error, Op.result, 1, small(1)));
    await expect.poll(() => said().toString('latin1')).toContain('it failed');
    worker.channel.write(frame(Op.bye));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test('comes after word that it is kept', async () => {
    using worker = victim();
    await asked(worker);
    worker.channel.write(frame(Op.done, 1, Op.result, 1, small(1)));
    worker.channel.write(frame(Op.bye));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test.each([
    ['a text', textValue('E')],
    ['a number', bytes(small(0))],
  ])('may be an error whose code is %s', async (_what, code) => {
    using worker = victim();
    const said = await asked(worker);
    worker.channel.write(frame(Op.error, 1, 0, withCode(code)));
    await expect.poll(() => said().toString('latin1')).toContain('it failed');
    worker.channel.write(frame(Op.bye));
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  });

  test.each<[string, readonly Part[]]>([
    ['comes before that word', [Op.result, 1, small(1)]],
    ['comes twice', [Op.done, 1, Op.result, 1, small(1), Op.result, 1, small(1)]],
    ['has times perhaps', [Op.error, 1, 2, object({ name: textValue('E') })]],
    ['has a boolean for its code', [Op.error, 1, 0, withCode(bytes(Tag.true))]],
    ['has no number for its code', [Op.error, 1, 0, withCode(bytes(Tag.float64, float64(NaN)))]],
    ['has a bigint for its code', [Op.error, 1, 0, withCode(bytes(Tag.bigint, 0, 1, 5))]],
  ])('ends the worker when it %s', async (_how, parts) => {
    using worker = victim();
    await asked(worker);
    worker.channel.write(frame(...parts));
    expect(await worker.exited).toEqual(broken);
  });
});

describePython('a frame that breaks the protocol', () => {
  const welcome = (fields: Readonly<Record<string, Buffer>>) => [Op.welcome, object(fields)];
  const answer = (target: Part) => [call(1, 'take', CallFlag.want, target)];

  test.each<[string, readonly Part[]]>([
    ['too many calls at once', Array.from({ length: 4_200 }, (_, id) => call(id + 1, 'never', 5))],
    ['a signal of no traced call', answer(bytes(Tag.signal))],
    ['numbers of a strange form', answer(bytes(Tag.numbers, 6, 1, 0, 0, 0))],
    ['a release of the root', [Op.release, 0, 1]],
    ['a release of more than was given', [call(1, 'take'), Op.release, 1, 1]],
    ['segments in a relative folder', welcome({ segments: textValue('x') })],
    ['a rule that is none', welcome({ objects: textValue('both') })],
    ['rules that are none', welcome({ types: textValue('Node') })],
    ['a traced answer', [Op.timedResult, 1, Buffer.alloc(24), small(1)]],
    ['a message that is cut off', [Op.call, 1, 1, 0, 1, text('echo'), 2, small(1)]],
  ])('ends the worker: %s', async (_what, parts) => {
    using worker = victim();
    worker.channel.write(frame(...parts));
    expect(await worker.exited).toEqual(broken);
  });

  test('never does anything but end the worker, whatever is in it', async () => {
    const valid = [
      call(1, 'echo', CallFlag.want, bytes(Tag.map, 1, small(1), Tag.set, 1, small(2))),
      call(
        2,
        'take',
        CallFlag.keep,
        bytes(Tag.error, text('E'), 0, 0, 1, text('message'), small(1)),
      ),
      bytes(Op.pull, 2, Op.drop, 2),
      call(3, 'echo', CallFlag.want | CallFlag.traced, bytes(Tag.array, 1, Tag.signal)),
      bytes(Op.call, CallFlag.keep, 4, 0, 1, text('echo'), 1, Tag.mine, 3),
      bytes(Op.batch, CallFlag.want, 5, 0, 1, text('echo'), 1, 1, 1, Tag.result, 4),
    ];
    const body = bytes(...valid);
    const change = fc.tuple(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
        using worker = victim();
        const spoilt = Buffer.from(body);
        for (const [at, byte] of changes) spoilt[at] = byte;
        worker.channel.write(frame(spoilt));
        worker.channel.end(frame(Op.bye));
        const { code, signal } = await worker.exited;
        expect({ code, signal }).toEqual({
          code: expect.toBeOneOf([0, 1]) as number,
          signal: null,
        });
        expect(worker.output.stderr).toMatch(/^(Error: the connection to the host broke: .+\n)?$/u);
      }),
      { numRuns: 40 },
    );
  });
});

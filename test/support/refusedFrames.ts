import { CallFlag, NumberForm, Op, sentAhead, Tag } from '../../server/shared/protocol/wire.ts';
import { bytes, count, float64, object, small, text, textValue, type Part } from './wireBytes.ts';

const want = CallFlag.want;
const keep = CallFlag.keep;
const traced = CallFlag.traced;
const construct = CallFlag.construct;
const byValue = CallFlag.byValue;
const byReference = CallFlag.byReference;
const root = 0;

/** A call of a method of the root, without arguments unless some are given. */
export function call(
  id: number,
  name: string,
  flags: number = want,
  ...args: readonly Part[]
): Buffer {
  return bytes(Op.call, flags, count(id), root, 1, text(name), args.length, ...args);
}

/** A call with one argument, which is read before it is known whether there is such a method. */
function take(...value: readonly Part[]): Buffer {
  return call(1, 'take', want, bytes(...value));
}

export const times = bytes(float64(1), float64(2), float64(3));

/** The value of an error message. */
export const wireError = object({ name: textValue('E'), message: textValue('m') });

function wireErrorWith(own: Buffer): Buffer {
  return object({ name: textValue('E'), message: textValue('m'), own });
}

function wireErrorOf(failedId: Buffer): Buffer {
  return object({ name: textValue('E'), message: textValue('m'), failedId });
}

/** One byte more than a big integer may have. */
const longest = Buffer.alloc(2 ** 20 + 1);

const hello = object({
  protocol: Buffer.of(small(2)),
  pid: Buffer.of(small(1)),
  runtime: textValue('node'),
  runtimeVersion: textValue('24'),
});

/**
 * Frames that end the connection of a worker to which nothing was said before, and whose root has the
 * methods `echo`, which answers at once, and `never`.
 */
export const refusedByWorkers: readonly (readonly [name: string, parts: readonly Part[]])[] = [
  ['an unknown kind', [99]],
  ['kind 0', [0]],
  ['kind 21', [21]],
  ['an unknown tag', [Op.call, want, 1, root, 1, text('take'), 1, 26]],
  ['the tag of a gap outside a list', [Op.call, want, 1, root, 1, text('take'), 1, Tag.gap]],
  ['a call for nothing', [Op.call, traced, 1, root, 0, 0]],
  ['word with times that a result is kept, to nobody', [Op.timedDone, 99, times]],
  ['a result by value and by reference', [call(1, 'echo', want + byValue + byReference)]],
  ['a batch that constructs', [Op.batch, want + construct, 1, root, 1, text('echo'), 0, 0]],
  ['a get that constructs', [Op.get, want + construct, 1, root, 1, text('echo')]],
  ['a set that constructs', [Op.set, want + construct, 1, root, 1, text('echo'), small(1)]],
  ['a call without an id', [call(0, 'echo')]],
  ['a batch that neither runs all nor stops', [Op.batch, want, 1, root, 1, text('echo'), 2, 0]],
  ['a cancellation of a call that is not traced', [call(7, 'never'), Op.cancel, 7]],
  ['a synchronous call', [Op.call, want + CallFlag.synchronous, 1, root, 1, text('never'), 0]],
  ['a result that is asked for twice', [call(1, 'echo', keep, small(1)), Op.pull, 1, Op.pull, 1]],
  ['a set of nothing', [Op.set, want, 1, root, 0, small(1)]],
  ['a target that was never given', [Op.call, want, 1, count(98), 0, 0]],
  ['the root of a side that has none', [Op.release, 0, 1]],
  ['a result as target that was never asked for', [Op.call, want, 1, count(99), 0, 0]],
  ['a result as argument that was never asked for', [call(1, 'take', want, Tag.result, 77)]],
  ['its own result as argument', [call(5, 'take', keep, Tag.result, 5)]],
  ['an argument of ours that was never given', [call(1, 'take', want, bytes(Tag.yours, 9))]],
  ['an object that did not occur', [call(1, 'take', want, bytes(Tag.same, 0))]],
  ['an object without a number', [call(1, 'take', want, bytes(Tag.mine, 0))]],
  ['a fraction that goes as a whole number', [take(Tag.integer, float64(0.5))]],
  ['no number that goes as a whole one', [take(Tag.integer, float64(NaN))]],
  ['a zero below that goes as a whole number', [take(Tag.integer, float64(-0))]],
  ['a whole number of 2^53', [take(Tag.integer, float64(2 ** 53))]],
  ['a big integer neither above nor below zero', [take(Tag.bigint, 2, 1, 1)]],
  ['an error that stands neither for one nor for several', [take(Tag.error, text('E'), 2, 0, 0)]],
  ['a big integer beyond its limit', [take(Tag.bigint, 0, count(2 ** 20 + 1), longest)]],
  ['a pattern beyond its limit', [take(Tag.regexp, text('a'.repeat(2 ** 20 + 1)), text(''))]],
  ['a boxed list', [take(Tag.boxed, Tag.array, 0)]],
  ['a boxed null', [take(Tag.boxed, Tag.null)]],
  [
    'a boxed result',
    [call(1, 'echo', keep, small(1)), call(2, 'take', want, bytes(Tag.boxed, Tag.result, 1))],
  ],
  ['a shape that was not told', [call(1, 'take', want, bytes(Tag.object, 1))]],
  ['more arguments than bytes', [Op.call, want, 1, root, 1, text('take'), count(1e9)]],
  ['a list longer than the frame', [call(1, 'take', want, bytes(Tag.array, count(2 ** 40)))]],
  [
    'a list of numbers longer than the frame',
    [call(1, 'take', want, bytes(Tag.numbers, NumberForm.float64, 2, float64(1)))],
  ],
  ['bytes longer than the frame', [call(1, 'take', want, bytes(Tag.bytes, 2, 100))]],
  ['bytes of an unknown kind', [call(1, 'take', want, bytes(Tag.bytes, 14, 0))]],
  ['bytes that do not fit their kind', [call(1, 'take', want, bytes(Tag.bytes, 6, 3, 1, 2, 3))]],
  [
    'a segment where there is no shared memory',
    [call(1, 'take', want, bytes(Tag.segment, 2, 1, 1))],
  ],
  ['bytes that were not sent ahead', [take(Tag.segment, 2, sentAhead, 1)]],
  ['more bytes than were sent ahead', [Op.piece, 1, 7, take(Tag.segment, 2, sentAhead, 2)]],
  ['fewer bytes than were sent ahead', [Op.piece, 2, 7, 7, take(Tag.segment, 2, sentAhead, 1)]],
  ['bytes ahead of a message that has none', [Op.piece, 1, 7, call(1, 'echo')]],
  [
    'bytes that were sent ahead, taken twice',
    [
      Op.piece,
      1,
      7,
      take(Tag.array, 2, Tag.segment, 2, sentAhead, 1, Tag.segment, 2, sentAhead, 1),
    ],
  ],
  [
    'bytes that a message before has taken',
    [
      ...[Op.piece, 1, 7, call(1, 'echo', want, bytes(Tag.segment, 2, sentAhead, 1))],
      call(2, 'take', want, bytes(Tag.segment, 2, sentAhead, 1)),
    ],
  ],
  ['bytes ahead that do not fit their kind', [Op.piece, 1, 7, take(Tag.segment, 6, sentAhead, 1)]],
  ['bytes ahead of an unknown kind', [Op.piece, 1, 7, take(Tag.segment, 13, sentAhead, 1)]],
  ['a piece of nothing', [Op.piece, 0]],
  ['a piece longer than the frame', [Op.piece, 2, 7]],
  ['a text longer than the frame', [Op.call, want, 1, root, 1, 253, 65]],
  ['a text that is not UTF-8', [Op.call, want, 1, root, 1, 2, 0xc3, 0x28, 0]],
  ['a half character in UTF-8', [Op.call, want, 1, root, 1, 3, 0xed, 0xa0, 0x80, 0]],
  ['a number that does not end', [Op.pull, Buffer.alloc(20, 0xff)]],
  ['a number beyond 2^53', [Op.pull, Buffer.alloc(7, 0xff), 0x7f]],
  [
    'a path without end',
    [Op.get, want, 1, root, 33, ...Array.from({ length: 33 }, () => text('a'))],
  ],
  ['a name without end', [Op.get, want, 1, root, 1, 255, 0xe9, 3, 0, 0, Buffer.alloc(1_001, 97)]],
  [
    'a value nested too deeply',
    [call(1, 'take', want, bytes(...Array.from({ length: 600 }, () => bytes(Tag.array, 1)), 0))],
  ],
  [
    'a regular expression that is none',
    [call(1, 'take', want, bytes(Tag.regexp, text('('), text('')))],
  ],
  [
    'flags of a regular expression that are none',
    [call(1, 'take', want, bytes(Tag.regexp, text('a'), text('xx')))],
  ],
  ['a release of an object that was never given', [Op.release, 1, 1]],
  ['a pull of a result that was never asked for', [Op.pull, 9]],
  ['a drop of a result that was never asked for', [Op.drop, 9]],
  ['a result dropped twice', [call(1, 'echo', keep), Op.drop, 1, Op.drop, 1]],
  ['an id of a result that is kept', [call(1, 'echo', keep), call(1, 'echo')]],
  ['a freed segment where there is no shared memory', [Op.freeSegment, 1]],
  ['an answer to nobody', [Op.result, 99, small(1)]],
  ['an answer with times to nobody', [Op.timedResult, 99, times, small(1)]],
  ['times that are no numbers', [Op.started, 1, float64(NaN), float64(1)]],
  ['an error for nobody', [Op.error, 99, 0, wireError]],
  ['an error without a message', [Op.error, 99, 0, object({ name: textValue('E') })]],
  ['an error that is a number', [Op.error, 99, 0, small(1)]],
  ['an error whose call that failed has no id', [Op.error, 99, 0, wireErrorOf(textValue('1'))]],
  ['an error whose properties are a list', [Op.error, 99, 0, wireErrorWith(bytes(Tag.array, 0))]],
  ['word that nobody waits for', [Op.done, 99]],
  ['the start of a call of nobody', [Op.started, 99, float64(1), float64(2)]],
  ['a call id that is under way', [call(7, 'never'), call(7, 'never')]],
  ['a call id whose result is kept', [call(7, 'echo', keep), call(7, 'echo', keep)]],
  ['a hello to the side that says it', [Op.hello, hello]],
  ['a welcome that is none', [Op.welcome, small(1)]],
  ['two welcomes', [Op.welcome, object({}), Op.welcome, bytes(Tag.object, 0, 0)]],
];

/** The same for a host, which has no root. */
export const refusedByHosts: typeof refusedByWorkers = [
  ['a welcome to the host', [Op.welcome, object({})]],
  ['two hellos', [Op.hello, hello, Op.hello, hello]],
  ['a hello that is none', [Op.hello, object({ protocol: textValue('2') })]],
  ['a goodbye', [Op.bye]],
  ['a call of a root that the host does not have', [call(1, 'exec')]],
];

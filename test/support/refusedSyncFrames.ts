import { Buffer } from 'node:buffer';
import { CallFlag, Op, Tag } from '../../server/shared/protocol/wire.ts';
import { times, wireError } from './refusedFrames.ts';
import { bytes, count, small, text, type Part } from './wireBytes.ts';

/** What every call of the channel for synchronous calls wants. */
export const waiting = CallFlag.want | CallFlag.synchronous;

/** A synchronous call of the first object that the host has given. */
export function syncCall(flags: number, ...rest: readonly Part[]): Buffer {
  return bytes(Op.call, flags, 1, count(2), 0, ...rest);
}

type Refused = readonly (readonly [name: string, frame: Buffer])[];

/**
 * Frames that end the connection of a host that has given one function and keeps the result of call 1 of
 * the other channel.
 */
export const refusedSyncCalls: Refused = [
  ['nothing', Buffer.alloc(0)],
  ['cut off', syncCall(waiting, 1)],
  ['with something behind the call', syncCall(waiting, 0, 0)],
  ['two calls', bytes(syncCall(waiting, 0), syncCall(waiting, 0))],
  ['an unknown kind', bytes(99)],
  ['a get', bytes(Op.get, waiting, 1, count(2), 0)],
  ['an answer', bytes(Op.result, 1, small(1))],
  ['a call that is not waited for', syncCall(CallFlag.want, 0)],
  ['a call whose result is kept', syncCall(waiting | CallFlag.keep, 0)],
  ['a construction', syncCall(waiting | CallFlag.construct, 0)],
  ['a traced call', syncCall(waiting | CallFlag.traced, 0)],
  ['times', syncCall(waiting | CallFlag.timed, 0)],
  ['an object that was never given', bytes(Op.call, waiting, 1, count(98), 0, 0)],
  ['a root that the host does not have', bytes(Op.call, waiting, 1, 0, 1, text('x'), 0)],
  ['an argument that was never given', syncCall(waiting, 1, Tag.yours, 77)],
  ['a result as target', bytes(Op.call, waiting, 1, count(3), 0, 0)],
  ['a result as argument', syncCall(waiting, 1, Tag.result, 1)],
  ['a signal', syncCall(waiting, 1, Tag.signal)],
];

/** Frames that end the connection of a worker that waits for the answer to its call 1. */
export const refusedSyncAnswers: Refused = [
  ['nothing', Buffer.alloc(0)],
  ['cut off', bytes(Op.result, 1)],
  ['with something behind it', bytes(Op.result, 1, small(1), 0)],
  ['to another call', bytes(Op.result, 2, small(1))],
  ['a call', syncCall(waiting, 0)],
  ['word that it is done', bytes(Op.done, 1)],
  ['an error with times', bytes(Op.error, 1, 1, times, wireError)],
  ['an error that is none', bytes(Op.error, 1, 0, small(1))],
  ['an object that was never given', bytes(Op.result, 1, Tag.yours, 77)],
  ['a result', bytes(Op.result, 1, Tag.result, 1)],
];

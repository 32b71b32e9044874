import { GreenroomError } from '../errors.ts';
import { pathLimits } from '../protocol/limits.ts';
import { CallFlag, type Op } from '../protocol/wire.ts';
import { getHandle } from './handle.ts';
import type { MessageWriter } from './messageWriter.ts';
import { CallState } from './outgoingCall.ts';
import { quoted, type Path, type Target } from './port.ts';
import { released, RemoteObject } from './remoteObject.ts';
import type { Passing } from './values/policy.ts';
import { Unsendable } from './values/unsendable.ts';

/** Writes what every call begins with, and answers where its flags stand, which are still 0. */
export function writeCallHead(
  messages: MessageWriter,
  op: Op,
  id: number,
  target: Target,
  path: Path,
): number {
  assertPath(path);
  const { out } = messages;
  out.byte(op);
  const flagsAt = out.length;
  out.byte(0);
  out.count(id);
  out.count(targetNumber(target, messages));
  out.count(path.length);
  for (const name of path) out.text(name);
  return flagsAt;
}

/** `item` is the number of the call in a batch. */
export function writeArguments(
  { out, values }: MessageWriter,
  args: readonly unknown[],
  item?: number,
): void {
  out.count(args.length);
  let index = 0;
  try {
    for (; index < args.length; index++) values.write(args[index]);
  } catch (error) {
    const root = item === undefined ? 'args' : `items[${item}]`;
    throw Unsendable.told(error, `${root}[${index}]`);
  }
}

/** What a property is to be. */
export function writeAssigned({ values }: MessageWriter, value: unknown): void {
  try {
    values.write(value);
  } catch (error) {
    throw Unsendable.told(error, 'value');
  }
}

/** How a caller says in what way the result is to go. */
export function resultFlags(result: Passing | undefined): number {
  if (result === 'value') return CallFlag.byValue;
  return result === 'reference' ? CallFlag.byReference : 0;
}

function assertPath(path: Path): void {
  const { names, nameLength } = pathLimits;
  if (path.length > names) {
    throw new GreenroomError('call.unknownMethod', `a path has ${names} names at most`);
  }
  for (const name of path) {
    if (name.length <= nameLength) continue;
    throw new GreenroomError('call.unknownMethod', `a name of ${name.length} characters is none`);
  }
}

/** A target as one number: results of calls are odd, objects of the other side even. */
function targetNumber(target: Target, messages: MessageWriter): number {
  if (target instanceof RemoteObject) {
    if (target.isReleased) throw released();
    return target.number * 2;
  }
  if (target.isGivenBack) throw released();
  if (target.state === CallState.succeeded) {
    const brought = isObject(target.value) ? getHandle(target.value) : undefined;
    if (brought instanceof RemoteObject) return targetNumber(brought, messages);
    throw new GreenroomError('call.unknownMethod', `${quoted(target.name)} brought a copy`);
  }
  if (target.state === CallState.failed) throw target.tellFailure();
  return messages.numberOf(target) * 2 + 1;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

import type { Platform } from '../base/platform.ts';
import { BatchRun, type Turn } from './batches.ts';
import type { IncomingCall } from './incomingCall.ts';
import {
  getMember,
  notCallable,
  ownerOf,
  ServedObject,
  setMember,
  unknownMember,
} from './members.ts';
import { nameOf } from './port.ts';
import type { ReachOf } from './reach.ts';

export interface PerformingParts {
  readonly platform: Pick<Platform, 'createCancelSource'>;
  /** How far the other side reaches into what this one has given it. */
  readonly reachOf: ReachOf;
}

/** Does what a call asks for, and gives what comes of it; throws what that throws. */
export function perform(
  call: IncomingCall,
  { platform, reachOf }: PerformingParts,
  turn: Turn,
): unknown {
  const { target, path, action, cancel } = call;
  const name = path.at(-1);
  if (target instanceof ServedObject) {
    if (action.kind !== 'call' || path.length !== 1) throw unknownMember(name ?? '');
    const signal = (cancel ?? platform.createCancelSource()).signal;
    return target.method(name!)(action.args, { signal });
  }
  const isGiven = call.isTargetGiven || call.targetResult?.isGiven === true;
  const reach = isGiven && typeof target === 'object' ? 'all' : reachOf(target);
  const { object: owner, reach: ownerReach } = ownerOf({ object: target, reach }, path, reachOf);
  if (action.kind === 'set') return setMember(owner, name ?? '', action.value[0], ownerReach);
  const member = name === undefined ? target : getMember(owner, name, ownerReach);
  if (action.kind === 'get') return member;
  if (member === undefined) throw unknownMember(nameOf(path));
  if (typeof member !== 'function') throw notCallable(nameOf(path));
  switch (action.kind) {
    case 'call':
      return Reflect.apply(member, name === undefined ? undefined : owner, action.args);
    case 'construct':
      return Reflect.construct(member, action.args) as unknown;
    case 'batch': {
      const self = name === undefined ? undefined : owner;
      const run = (args: readonly unknown[]): unknown => Reflect.apply(member, self, args);
      return new BatchRun(action.items, action.runsAll, run, turn, cancel?.signal).run();
    }
  }
}

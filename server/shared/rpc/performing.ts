import type { Platform } from '../base/platform.ts';
import { BatchRun, type Turn } from './batchRun.ts';
import type { IncomingCall } from './incomingCall.ts';
import {
  argsByWayOf,
  getMember,
  notCallable,
  ownerOf,
  ServedObject,
  setMember,
  unknownMember,
} from './members.ts';
import type { ReachOf } from './reach.ts';
import { withoutMark } from './values/policy.ts';

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
  const { target, targetResult, path, action, cancel } = call;
  const name = path.at(-1);
  if (target instanceof ServedObject) {
    if (action.kind !== 'call' || path.length !== 1) throw unknownMember(name ?? '');
    const signal = (cancel ?? platform.createCancelSource()).signal;
    return target.method(name!)(action.args, { signal });
  }
  const from = targetResult ? targetResult.marked : target;
  const reach = call.isTargetGiven && typeof target === 'object' ? 'all' : reachOf(from);
  const found = ownerOf({ object: withoutMark(from), reach }, path, reachOf);
  const { object: owner, reach: ownerReach } = found;
  if (action.kind === 'set') return setMember(owner, name ?? '', action.value[0], ownerReach);
  if (action.kind === 'call') {
    const args = argsByWayOf(owner, name, action.args);
    if (args) return Reflect.apply(owner as () => unknown, found.owner, args);
  }
  const marked = name === undefined ? target : getMember(owner, name, ownerReach);
  if (action.kind === 'get') return marked;
  const member = withoutMark(marked);
  if (typeof member !== 'function') throw notCallable(name, member);
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

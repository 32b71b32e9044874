import { contestants } from '../sides/contestants.ts';
import type { Ability, Answer, Contestant, Side } from '../sides/side.ts';
import { floorEntrant, type FloorSpec } from './floorLane.ts';
import type { Entrant, Regime } from './regime.ts';

interface WorkSpec {
  readonly name: string;
  readonly need?: Ability;
  readonly floor?: FloorSpec;
  readonly operations?: number;
  readonly prepare?: (side: Side) => Answer<unknown>;
  readonly step: (side: Side) => Answer<unknown>;
  /** A step takes milliseconds of work. */
  readonly isLong?: boolean;
}

/** A regime of calls, run by every side that is able to. */
export function onSides(work: WorkSpec): Regime {
  const { name, need, floor = {}, operations = 1 } = work;
  const able = contestants.filter(({ abilities }) => !need || abilities.includes(need));
  return {
    name,
    operations,
    minSteps: 1,
    entrants: [floorEntrant(floor), ...able.map(contestant => entrant(contestant, work))],
  };
}

function entrant({ name, open }: Contestant, work: WorkSpec): Entrant {
  return {
    name,
    async enter() {
      const side = await open(work.need);
      await side.workload.ping(); // it is up
      return {
        prepare: () => work.prepare?.(side),
        step: () => work.step(side),
        ...(work.isLong && { smallStep: () => side.workload.ping() }),
        [Symbol.asyncDispose]: () => side[Symbol.asyncDispose](),
      };
    },
  };
}

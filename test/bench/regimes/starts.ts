import { contestants } from '../sides/contestants.ts';
import { Floor } from '../sides/floor.ts';
import type { Contestant } from '../sides/side.ts';
import { onSides } from './onSides.ts';
import { floorName, type Entrant, type Regime } from './regime.ts';

const nothingOpen = async () => undefined;

const bareNode: Entrant = {
  name: floorName,
  enter: async () => ({
    async step() {
      await using floor = new Floor(new Uint8Array(64));
      await floor.echo();
    },
    [Symbol.asyncDispose]: nothingOpen,
  }),
};

const coldStart: Regime = {
  name: 'cold_start_first_call',
  operations: 1,
  minSteps: 2,
  entrants: [bareNode, ...contestants.map(startsCold)],
};

function startsCold(contestant: Contestant): Entrant {
  return {
    name: contestant.name,
    enter: async () => ({
      step: () => contestant.coldPing?.() ?? openAndPing(contestant),
      [Symbol.asyncDispose]: nothingOpen,
    }),
  };
}

async function openAndPing(contestant: Contestant): Promise<number> {
  await using side = await contestant.open(undefined);
  return await side.workload.constructAndPing('seed');
}

export const starts = [
  coldStart,
  onSides({
    name: 'cold_start_first_call_warm_session',
    step: ({ workload, firstPing }) => firstPing?.() ?? workload.constructAndPing('seed'),
  }),
];

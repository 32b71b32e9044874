import { contestants } from '../sides/contestants.ts';
import { Floor } from '../sides/floor.ts';
import { direct } from '../sides/direct.ts';
import type { Contestant } from '../sides/side.ts';
import { SpareStart } from '../sides/spareStart.ts';
import { onSides } from './onSides.ts';
import { floorName, greenroomName, type Entrant, type Regime } from './regime.ts';

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

const fromSpare: Entrant = {
  name: greenroomName,
  async enter() {
    const pool = new SpareStart();
    return {
      prepare: () => pool.ready(),
      step: () => pool.ping(),
      [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
    };
  },
};

/** The same where a process waits for whichever session comes next, as in the extension. No peer has one. */
const spareStart: Regime = {
  ...coldStart,
  name: 'cold_start_first_call_spare',
  entrants: [bareNode, startsCold(direct), fromSpare],
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
  spareStart,
  onSides({
    name: 'cold_start_first_call_warm_session',
    step: ({ workload, firstPing }) => firstPing?.() ?? workload.constructAndPing('seed'),
  }),
];

import { maxProcesses } from '../../../extension/confinement/resolvePlan.ts';
import type { Attempt, Probe } from '../probe.ts';
import { strays } from '../machineState.ts';
import { whyNoSharedMemory } from '../scene.ts';

const quick = { idleProcessorMs: 500 };

/** Whether it is ended for what it takes. */
const unlessEnded =
  (withinMs: number, harm: string) =>
  async ({ session, answer }: Attempt) => {
    if (answer.kind !== 'done' || (await session.ended(withinMs))) return undefined;
    return harm;
  };

const fillMb = 1_024;

/** With what confines it. */
const most = maxProcesses + 10;

/** A tool that lies about it can accuse nobody but itself. */
const unlessBounded =
  (harm: string) =>
  async ({ answer }: Attempt) =>
    answer.kind === 'done' && answer.text === `"${fillMb} MB"` ? harm : undefined;

export const greed: readonly Probe[] = (
  [
    {
      name: 'memory',
      deed: 'allocate',
      args: () => [3_072],
      harm: unlessEnded(1_000, 'it holds 3 GB'),
    },
    {
      name: 'memory-of-child',
      deed: 'inChild',
      args: ({ strayMark }) => ['allocate', strayMark],
      harm: unlessEnded(1_500, 'its child holds 1 GB'),
    },
    {
      name: 'processor',
      deed: 'spin',
      args: () => [],
      policy: quick,
      harm: unlessEnded(5_000, 'it computed for 5 s while nobody asked it to'),
    },
    {
      name: 'processor-of-child',
      deed: 'inChild',
      args: ({ strayMark }) => ['spin', strayMark],
      policy: quick,
      harm: unlessEnded(3_000, 'its child computed for 3 s while nobody asked it to'),
    },
    {
      name: 'disk',
      deed: 'fillScratch',
      args: () => [fillMb],
      harm: unlessBounded('it wrote 1 GB of temporary files'),
    },
    {
      name: 'shared-memory',
      deed: 'fill',
      args: (_, { segments }) => [segments!, fillMb],
      whyNot: whyNoSharedMemory,
      harm: unlessBounded('it holds 1 GB of shared memory'),
    },
    {
      name: 'fork-bomb',
      deed: 'multiply',
      args: ({ strayMark }) => [600, strayMark],
      harm: async ({ scene, session }) => {
        if (await session.ended(1_500)) return undefined;
        const { length } = strays(scene.strayMark);
        return length > most ? `it runs ${length} processes` : undefined;
      },
    },
    { name: 'daemon', deed: 'leaveDaemon', args: ({ strayMark }) => [strayMark] },
  ] satisfies readonly Probe[]
).map(probe => ({ ...probe, isHeavy: true }));

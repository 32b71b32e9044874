import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import { childPath } from '../paths.ts';
import { buildNumberedGraph, methodsOver, type Call } from './methodsOver.ts';
import type { Ability, Contestant, Side } from './side.ts';

const manyTasks = 1_024;
const abilities: readonly Ability[] = ['mapsAndDates', 'bytes', 'graph'];

function methodsAndGraphOver(call: Call): Pick<Side, 'workload' | 'graph'> {
  return {
    workload: methodsOver(call),
    graph: (nodes, waits) => buildNumberedGraph(call, nodes, waits),
  };
}

/** JSON is the quicker one where it carries everything. */
function serializationFor(need: Ability | undefined): 'json' | 'advanced' {
  return need === 'mapsAndDates' || need === 'bytes' ? 'advanced' : 'json';
}

/** One process, since the work holds on to an object. */
export const workerpoolProcess: Contestant = {
  name: 'workerpool',
  abilities,
  async open(need) {
    const pool = workerpool.pool(childPath('workerpoolChild.mjs'), {
      workerType: 'process',
      minWorkers: 1,
      maxWorkers: 1,
      forkOpts: { serialization: serializationFor(need), execArgv: [] },
    });
    return {
      ...methodsAndGraphOver((method, args) => pool.exec(method, [...args])),
      async [Symbol.asyncDispose]() {
        await pool.terminate(true);
      },
    };
  },
};

export const tinypoolProcess: Contestant = {
  name: 'tinypool',
  abilities,
  async open(need) {
    const pool = new Tinypool({
      filename: childPath('tinypoolTask.mjs'),
      runtime: 'child_process',
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: manyTasks,
      serialization: serializationFor(need),
      execArgv: [],
    });
    return {
      ...methodsAndGraphOver((method, args) => pool.run({ method, args })),
      [Symbol.asyncDispose]: () => pool.destroy(),
    };
  },
};

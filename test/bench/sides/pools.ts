import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import { childPath } from '../paths.ts';
import { methodsOver } from './methodsOver.ts';
import type { Ability, Contestant } from './side.ts';

const manyTasks = 1_024;

/** JSON is the quicker one where it carries everything. */
function serializationFor(need: Ability | undefined): 'json' | 'advanced' {
  return need === 'mapsAndDates' || need === 'bytes' ? 'advanced' : 'json';
}

/** One process, since the work holds on to an object. */
export const workerpoolProcess: Contestant = {
  name: 'workerpool',
  abilities: ['mapsAndDates', 'bytes'],
  async open(need) {
    const pool = workerpool.pool(childPath('workerpoolChild.mjs'), {
      workerType: 'process',
      minWorkers: 1,
      maxWorkers: 1,
      forkOpts: { serialization: serializationFor(need), execArgv: [] },
    });
    return {
      workload: methodsOver((method, args) => pool.exec(method, [...args])),
      async [Symbol.asyncDispose]() {
        await pool.terminate(true);
      },
    };
  },
};

export const tinypoolProcess: Contestant = {
  name: 'tinypool',
  abilities: ['mapsAndDates', 'bytes'],
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
      workload: methodsOver((method, args) => pool.run({ method, args })),
      [Symbol.asyncDispose]: () => pool.destroy(),
    };
  },
};

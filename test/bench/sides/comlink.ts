import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { Ask, Workload } from '../children/workload.mjs';
import { childPath } from '../paths.ts';
import { endProcess, ownProcess } from './ownProcess.ts';
import type { Contestant, FromAfar, Side } from './side.ts';

export const comlinkThread: Contestant = {
  name: 'comlink-thread',
  abilities: ['mapsAndDates', 'bytes', 'callbacks'],
  async open(): Promise<Side> {
    const worker = new Worker(childPath('comlinkThread.mjs'), { execArgv: [] });
    const workload = comlink.wrap(nodeEndpoint(worker)) as unknown as FromAfar<Workload>;
    return {
      workload,
      callback: (ask, times) => workload.callback(comlink.proxy(ask), times),
      async [Symbol.asyncDispose]() {
        await worker.terminate();
      },
    };
  },
};

/** Functions cannot cross to a process, since that takes a MessagePort: the child wraps an object of ours. */
export const comlinkProcess: Contestant = {
  name: 'comlink-process',
  abilities: ['mapsAndDates', 'bytes', 'callbacks'],
  async open(): Promise<Side> {
    const child = ownProcess(
      fork(childPath('comlinkProcess.mjs'), { serialization: 'advanced', execArgv: [] }),
    );
    const endpoint = nodeEndpoint({
      postMessage: (message: object) => void child.send(message),
      on: (event: string, listener: never) => void child.on(event, listener),
      off: (event: string, listener: never) => void child.off(event, listener),
    });
    const called: { ask?: Ask } = {};
    comlink.expose(called, endpoint);
    const workload = comlink.wrap(endpoint) as unknown as FromAfar<Workload>;
    return {
      workload,
      callback: (ask, times) => {
        called.ask = ask;
        return workload.callback(undefined as never, times);
      },
      [Symbol.asyncDispose]: () => endProcess(child),
    };
  },
};

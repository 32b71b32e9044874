import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { RpcSession } from 'capnweb';
import type { Workload } from '../children/workload.mjs';
import { LineTransport } from '../children/lineTransport.mjs';
import { childPath } from '../paths.ts';
import { buildGraph, type NodeReference } from './buildGraph.ts';
import { endProcess, ownProcess } from './ownProcess.ts';
import type { Contestant, FromAfar, Side } from './side.ts';

type CapnwebWorkload = FromAfar<Workload> & { createNode(value: number): NodeReference };

/** Cap'n Web over the kind of socket that Greenroom uses. A batch is what is called in one turn. */
export const capnweb: Contestant = {
  name: 'capnweb',
  abilities: ['bytes', 'batch', 'callbacks', 'callbackBatch', 'graph'],
  async open(): Promise<Side> {
    const stdio = ['ignore', 'inherit', 'inherit', 'pipe'] as const;
    const child = ownProcess(
      spawn(process.execPath, [childPath('capnwebChild.mjs')], { stdio: [...stdio] }),
    );
    const session = new RpcSession(new LineTransport(child.stdio[3] as Duplex));
    const workload = session.getRemoteMain() as unknown as CapnwebWorkload;
    return {
      workload,
      pipelines: true,
      batch: (method, items) =>
        Promise.all(items.map(item => workload[method](...(item as [never])))),
      graph: (nodes, waits) => buildGraph(value => workload.createNode(value), nodes, waits),
      [Symbol.asyncDispose]: () => endProcess(child),
    };
  },
};

import { GraphNode, Workload, type Ask } from '../children/workload.mjs';
import { buildGraph } from './buildGraph.ts';
import {
  allAbilities,
  type BatchMethod,
  type Contestant,
  type FromAfar,
  type Side,
} from './side.ts';

/** Runs the work in this process; what it answers is what every other side has to answer. */
export const direct: Contestant = {
  name: 'direct',
  abilities: allAbilities,
  async open(): Promise<Side> {
    const workload = new DirectWorkload();
    return {
      workload: workload as unknown as FromAfar<Workload>, // an answer at once can be awaited too
      pipelines: true,
      batch: async (method, items) => items.map(item => callDirectly(workload, method, item)),
      graph: (nodes, waits) => buildGraph(value => new GraphNode(value), nodes, waits),
      firstPing: () => new Workload('seed').ping(),
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
};

class DirectWorkload extends Workload {
  override callbackBatch(ask: Ask, times: number): Promise<number> {
    const batch = (items: readonly [number][]) => items.map(([index]) => ask(index));
    return super.callbackBatch(Object.assign(ask.bind(undefined), { batch }), times);
  }

  override callbackSync(ask: Ask, times: number): number {
    return super.callbackSync(Object.assign(ask.bind(undefined), { sync: ask }), times);
  }
}

function callDirectly(workload: Workload, method: BatchMethod, args: readonly unknown[]): unknown {
  return (workload[method] as (...args: readonly unknown[]) => unknown)(...args);
}

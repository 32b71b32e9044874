import { openGreenroom, type Greenroom, type ModuleSession } from '../../../extension/api.ts';
import type * as Work from '../children/workload.mjs';
import { childPath, repository, workerPath } from '../paths.ts';
import { buildGraph } from './buildGraph.ts';
import {
  allAbilities,
  type BatchMethod,
  type Contestant,
  type FromAfar,
  type Side,
} from './side.ts';

type Items = readonly (readonly unknown[])[];

/** What the regimes ask of every side, and batches. */
type RemoteWorkload = FromAfar<Work.Workload> & {
  readonly [M in BatchMethod]: { batch(items: Items): PromiseLike<readonly unknown[]> };
};

const module = childPath('workload.mjs');

export const greenroom: Contestant = {
  name: 'greenroom',
  abilities: allAbilities,
  async open(): Promise<Side> {
    await using opening = new AsyncDisposableStack();
    const pool = opening.use(openGreenroom({ workerPath }));
    const session = opening.use(await openSession(pool));
    const workload = await constructWorkload(session);
    const GraphNode = await session.load<typeof Work.GraphNode>(module, 'GraphNode');
    const owned = opening.move();
    return {
      workload,
      pipelines: true,
      batch: (method, items) => workload[method].batch(items),
      graph: (nodes, waits) => buildGraph(value => new GraphNode(value), nodes, waits),
      async firstPing() {
        using again = await openSession(pool);
        return await constructWorkload(again).ping();
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
  async coldPing() {
    await using pool = openGreenroom({ workerPath });
    const session = await openSession(pool);
    try {
      return await constructWorkload(session).ping();
    } finally {
      await session.close();
    }
  },
};

function openSession(pool: Greenroom): Promise<ModuleSession> {
  return pool.openSession({
    shareKey: 'bench',
    keepaliveMs: 60_000,
    cwd: repository,
    confinement: { mode: 'off' }, // as the others are
  });
}

/** May be used at once, before the object is there. */
function constructWorkload(session: ModuleSession): RemoteWorkload & PromiseLike<RemoteWorkload> {
  const Workload = session.load<typeof Work.Workload>(module, 'Workload');
  return new Workload('seed');
}

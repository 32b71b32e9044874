import type { Answer } from './side.ts';

/** A node, the reference to one, or to one that is still to be made. */
export interface NodeReference {
  link(previous: NodeReference): Answer<NodeReference>;
  total(): Answer<number>;
}

type CreateNode = (value: number) => Answer<NodeReference>;

/** Creates nodes, links each to the one before and reads the total, awaiting each step. */
export async function buildGraphAwaited(create: CreateNode, nodes: number): Promise<number> {
  let last = await create(0);
  for (let value = 1; value < nodes; value++) {
    const node = await create(value);
    last = await node.link(last);
  }
  return last.total();
}

/** Does the same with results that are not there yet. */
export function buildGraphPipelined(
  create: (value: number) => NodeReference,
  nodes: number,
): Answer<number> {
  let last = create(0);
  for (let value = 1; value < nodes; value++) {
    last = create(value).link(last) as NodeReference;
  }
  return last.total();
}

export function buildGraph(
  create: (value: number) => NodeReference,
  nodes: number,
  waits: boolean,
): Answer<number> {
  return waits ? buildGraphAwaited(create, nodes) : buildGraphPipelined(create, nodes);
}

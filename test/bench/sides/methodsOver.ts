import type { Workload } from '../children/workload.mjs';
import type { FromAfar } from './side.ts';

const methods: readonly (keyof Workload)[] = [
  'ping',
  'constructAndPing',
  'increment',
  'reset',
  'checksum',
  'sum',
  'echo',
  'callback',
  'callbackBatch',
  'callbackSync',
  'digest',
  'derive',
];

export type Call = (method: string, args: readonly unknown[]) => PromiseLike<unknown>;

/** The workload's methods for a peer that calls by name. */
export function methodsOver(call: Call): FromAfar<Workload> {
  const made = methods.map(method => [method, (...args: unknown[]) => call(method, args)]);
  return Object.fromEntries(made) as FromAfar<Workload>;
}

/** Builds the graph under numbers that this side hands out, for peers without references. */
export async function buildNumberedGraph(
  call: Call,
  nodes: number,
  waits: boolean,
): Promise<number> {
  const sent: PromiseLike<unknown>[] = [];
  for (let node = 0; node < nodes; node++) {
    const created = call('createNode', [node, node]);
    if (waits) await created;
    else sent.push(created);
    if (node === 0) continue;
    const linked = call('linkNode', [node, node - 1]);
    if (waits) await linked;
    else sent.push(linked);
  }
  const total = call('totalOfNode', [nodes - 1]);
  await Promise.all(sent);
  return (await total) as number;
}

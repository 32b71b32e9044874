import { fork, type SerializationType } from 'node:child_process';
import { childPath } from '../paths.ts';
import { buildNumberedGraph, methodsOver } from './methodsOver.ts';
import { endProcess, ownProcess } from './ownProcess.ts';
import type { Contestant, Side } from './side.ts';

type AskItems = readonly (readonly [number])[];

interface Message {
  readonly id: number;
  readonly result: unknown;
  readonly question?: number;
  readonly items: AskItems;
}

/** Messages of `child_process`, with ids and answers written by hand. */
export function forkMessages(serialization: SerializationType): Contestant {
  const isAdvanced = serialization === 'advanced';
  return {
    name: `fork-${serialization}`,
    abilities: [
      'batch',
      'callbacks',
      'callbackBatch',
      'graph',
      ...(isAdvanced ? (['mapsAndDates', 'bytes'] as const) : []),
    ],
    open: async () => openFork(serialization),
  };
}

function openFork(serialization: SerializationType): Side {
  const child = ownProcess(fork(childPath('forkChild.mjs'), { serialization, execArgv: [] }));
  const pending = new Map<number, (result: never) => void>();
  let lastId = 0;
  let ask: (index: number) => unknown = () => undefined;

  child.on('message', (message: Message) => {
    const { id, result, question, items } = message;
    if (question !== undefined) {
      child.send({ question, answers: items.map(([index]) => ask(index)) });
      return;
    }
    pending.get(id)?.(result as never);
    pending.delete(id);
  });
  const request = <T>(message: object) =>
    new Promise<T>(resolve => {
      const id = ++lastId;
      pending.set(id, resolve);
      child.send({ id, ...message });
    });
  const call = (method: string, args: readonly unknown[]) => {
    const [first, ...others] = args;
    if (typeof first !== 'function') return request({ method, args });
    ask = first as typeof ask;
    return request({ method, args: ['ask', ...others] });
  };
  return {
    workload: methodsOver(call),
    batch: (method, items) => request<unknown[]>({ method, items }),
    graph: (nodes, waits) => buildNumberedGraph(call, nodes, waits),
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}

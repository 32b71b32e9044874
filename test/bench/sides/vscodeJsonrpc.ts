import { fork, spawn } from 'node:child_process';
import * as jsonrpc from 'vscode-jsonrpc/node';
import { childPath } from '../paths.ts';
import { buildNumberedGraph, methodsOver } from './methodsOver.ts';
import { endProcess, ownProcess } from './ownProcess.ts';
import type { Contestant, Side } from './side.ts';

/** JSON-RPC as language servers speak it. */
export function vscodeJsonrpc(road: 'ipc' | 'stdio'): Contestant {
  return {
    name: `vscode-jsonrpc-${road}`,
    abilities: ['callbacks', 'graph'],
    open: async () => openJsonrpc(road === 'ipc' ? connectByIpc() : connectByStdio()),
  };
}

function openJsonrpc({ child, connection }: ReturnType<typeof connectByIpc>): Side {
  let ask: (index: number) => unknown = () => undefined;
  connection.onRequest('ask', (index: number) => ask(index));
  connection.listen();
  const call = (method: string, args: readonly unknown[]) => {
    const [first, ...others] = args;
    if (typeof first !== 'function') return connection.sendRequest(method, ...args);
    ask = first as typeof ask;
    return connection.sendRequest(method, ...others);
  };
  return {
    workload: methodsOver(call),
    graph: (nodes, waits) => buildNumberedGraph(call, nodes, waits),
    async [Symbol.asyncDispose]() {
      connection.dispose();
      await endProcess(child);
    },
  };
}

function connectByIpc() {
  const child = ownProcess(fork(childPath('jsonrpcChild.mjs'), ['ipc'], { execArgv: [] }));
  const connection = jsonrpc.createMessageConnection(
    new jsonrpc.IPCMessageReader(child),
    new jsonrpc.IPCMessageWriter(child),
  );
  return { child, connection };
}

function connectByStdio(): ReturnType<typeof connectByIpc> {
  const child = ownProcess(
    spawn(process.execPath, [childPath('jsonrpcChild.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const connection = jsonrpc.createMessageConnection(
    new jsonrpc.StreamMessageReader(child.stdout),
    new jsonrpc.StreamMessageWriter(child.stdin),
  );
  return { child: child, connection };
}

import process from 'node:process';
import * as jsonrpc from 'vscode-jsonrpc/node';
import { workloadMethods } from './workload.mjs';

const usesIpc = process.argv[2] === 'ipc';
const connection = jsonrpc.createMessageConnection(
  usesIpc ? new jsonrpc.IPCMessageReader(process) : new jsonrpc.StreamMessageReader(process.stdin),
  usesIpc ? new jsonrpc.IPCMessageWriter(process) : new jsonrpc.StreamMessageWriter(process.stdout),
);
const { callback, ...methods } = workloadMethods();
for (const [name, method] of Object.entries(methods)) {
  connection.onRequest(name, (...args) => method(...args.slice(0, -1)));
}
connection.onRequest('callback', times =>
  callback(index => connection.sendRequest('ask', index), times),
);
connection.onClose(() => process.exit(0));
connection.listen();

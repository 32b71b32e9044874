import { spawn } from 'node:child_process';
import * as jsonrpc from 'vscode-jsonrpc/node';
import { toTransports } from '../../../extension/languageServers/client/messageTransports.ts';
import type { ServerMessage } from '../../../extension/sessions/servers/serverMessage.ts';
import { ServerClient, serverFixture, serverRequest } from '../../support/languageServers.ts';
import { TestPool } from '../../support/sessions.ts';
import { holding } from '../holding.ts';
import { endProcess, ownProcess } from '../sides/ownProcess.ts';
import { median } from '../statistics.ts';
import { mechanismsHere } from './confinement.ts';

type Ask = () => Promise<unknown>;

const method = 'textDocument/hover';
const params = {
  textDocument: { uri: `file://${process.cwd()}/src/shop/cart.ts` },
  position: { line: 41, character: 17 },
};
const server = serverFixture('echoes');
const callsPerSlice = 100;

/**
 * Requests of a server that echoes, one by one, in slices that take turns: by ways through Greenroom, and
 * by a pipe. Microseconds, medians.
 */
export const serverRequests = (calls: number): Promise<Readonly<Record<string, number>>> =>
  holding(() => compareWays(calls));

async function compareWays(calls: number): Promise<Readonly<Record<string, number>>> {
  await using resources = new AsyncDisposableStack();
  const ways = await openWays(resources);
  const times = new Map<string, number[]>(Object.keys(ways).map(name => [name, []]));
  for (const ask of Object.values(ways)) await timeCalls(ask, []); // not counted
  for (let made = 0; made < calls; made += callsPerSlice) {
    for (const [name, ask] of Object.entries(ways)) await timeCalls(ask, times.get(name)!);
  }
  const rows = Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
  return { ...rows, 'what Greenroom adds to a pipe': rows[throughGreenroom]! - rows[byPipe]! };
}

const byPipe = 'vscode-jsonrpc over a pipe';
const throughGreenroom = 'vscode-jsonrpc over a session';

async function openWays(resources: AsyncDisposableStack): Promise<Record<string, Ask>> {
  const host = resources.use(new TestPool());
  host.pool.onEvent(() => (host.events.length = 0)); // what the test keeps is not the pool's
  const plain = resources.use(await ServerClient.open(host, server, { key: 'plain' }));
  const isConfinable = (await mechanismsHere()).includes('bubblewrap');
  const confined =
    isConfinable &&
    resources.use(
      await ServerClient.open(host, server, { key: 'confined', mechanism: 'bubblewrap' }),
    );
  const lease = await host.pool.acquireServer(serverRequest(server, { key: 'transports' }));
  resources.defer(() => lease.release());
  const same = (message: ServerMessage) => message;
  const { reader, writer } = toTransports(lease.session, { fromServer: same, toServer: same });
  return {
    'messages over a session': () => plain.request(method, params),
    ...(confined && {
      'messages over a confined session': () => confined.request(method, params),
    }),
    [throughGreenroom]: askOver(jsonrpc.createMessageConnection(reader, writer)),
    [byPipe]: askOver(openPipe(resources)),
  };
}

function openPipe(resources: AsyncDisposableStack): jsonrpc.MessageConnection {
  const [module] = server.args;
  const child = ownProcess(
    spawn(process.execPath, [module!], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  resources.defer(() => endProcess(child));
  return jsonrpc.createMessageConnection(
    new jsonrpc.StreamMessageReader(child.stdout),
    new jsonrpc.StreamMessageWriter(child.stdin),
  );
}

function askOver(connection: jsonrpc.MessageConnection): Ask {
  connection.listen();
  return () => connection.sendRequest(method, params);
}

async function timeCalls(ask: Ask, times: number[]): Promise<void> {
  for (let call = 0; call < callsPerSlice; call++) {
    const startedAtMs = performance.now();
    await ask();
    times.push((performance.now() - startedAtMs) * 1_000);
  }
}

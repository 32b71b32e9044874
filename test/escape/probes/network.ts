import { once } from 'node:events';
import net from 'node:net';
import { whyNoKeeper } from '../keeper.ts';
import type { Answer } from '../hostileSession.ts';
import type { Attempt, Probe } from '../probe.ts';

const isReached = async (options: net.NetConnectOpts): Promise<boolean> => {
  const socket = net.connect(options);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // nobody listens there
  } finally {
    socket.destroy();
  }
};

/** Nowhere, when it has not been able to listen. */
const heardAt = (place: (attempt: Attempt) => net.NetConnectOpts) => async (attempt: Attempt) => {
  const isHeard = attempt.answer.kind === 'done' && (await isReached(place(attempt)));
  return isHeard ? 'it can be reached from outside' : undefined;
};

/** It may choose any port, and tells which. */
const atItsPort = heardAt(({ answer }) => ({ host: '127.0.0.1', port: portOf(answer) }));

/** Zero for what is no port; nobody is ever reached there. */
function portOf(answer: Answer): number {
  const port = answer.kind === 'done' ? Number(answer.text) : 0;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

export const network: readonly Probe[] = [
  { name: 'connect', deed: 'connect', args: ({ listeners }) => [listeners.tcpPort] },
  { name: 'fetch', runtimes: ['node'], deed: 'fetch', args: s => [s.listeners.tcpPort] },
  { name: 'send-datagram', deed: 'sendDatagram', args: s => [s.listeners.udpPort] },
  {
    name: 'resolve-name',
    runtimes: ['node'],
    deed: 'resolveName',
    args: s => [s.listeners.udpPort],
  },
  { name: 'listen', deed: 'listen', args: () => [], harm: atItsPort },
  {
    name: 'open-own-inspector',
    runtimes: ['node'],
    deed: 'openInspector',
    args: () => [],
    harm: atItsPort,
  },
  { name: 'connect-to-path-outside', deed: 'connectPath', args: s => [s.listeners.outside] },
  { name: 'connect-to-path-in-workspace', deed: 'connectPath', args: s => [s.listeners.inside] },
  { name: 'connect-to-abstract-socket', deed: 'connectPath', args: s => [s.listeners.abstract] },
  {
    name: 'listen-on-path',
    deed: 'listenPath',
    args: ({ workspace }) => [`${workspace}/new.sock`],
  },
  {
    name: 'listen-on-abstract-socket',
    deed: 'listenPath',
    args: ({ listeners }) => [listeners.freeAbstract],
    harm: heardAt(({ scene }) => ({ path: scene.listeners.freeAbstract })),
  },
  {
    name: 'send-to-path',
    runtimes: ['python'],
    deed: 'sendByPath',
    args: ({ keeper }) => [keeper!.datagrams],
    whyNot: whyNoKeeper,
  },
];

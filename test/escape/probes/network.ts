import { once } from 'node:events';
import net from 'node:net';
import { whyNoKeeper } from '../keeper.ts';
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

const heardAt = (options: (attempt: Attempt) => net.NetConnectOpts) => async (attempt: Attempt) =>
  (await isReached(options(attempt))) ? 'it can be reached from outside' : undefined;

const host = '127.0.0.1';
const atFreePort = heardAt(({ scene }) => ({ host, port: scene.listeners.freePort }));

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
  {
    name: 'listen',
    deed: 'listen',
    args: ({ listeners }) => [listeners.freePort],
    harm: atFreePort,
  },
  {
    name: 'open-own-inspector',
    runtimes: ['node'],
    deed: 'openInspector',
    args: ({ listeners }) => [listeners.freePort],
    harm: atFreePort,
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

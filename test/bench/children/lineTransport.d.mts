import type { Duplex } from 'node:stream';
import type { RpcTransport } from 'capnweb';

export class LineTransport implements RpcTransport {
  constructor(socket: Duplex);
  send(message: string): void;
  receive(): Promise<string>;
}

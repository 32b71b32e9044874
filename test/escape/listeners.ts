import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';

/** What the user's other programs listen on. */
export class Listeners {
  private readonly tcp = net.createServer();
  private readonly udp = dgram.createSocket('udp4');
  private readonly paths: readonly net.Server[];
  private heard: string | undefined;
  readonly outside: string;
  readonly inside: string;
  readonly abstract: string;
  /** Where nobody listens. */
  readonly freeAbstract: string;
  readonly opened: Promise<unknown>;

  constructor(root: string, workspace: string) {
    this.outside = path.join(root, 'agent.sock');
    this.inside = path.join(workspace, 'tool.sock');
    this.abstract = `\0${path.basename(root)}`;
    this.freeAbstract = `${this.abstract}-free`;
    const places = [this.outside, this.inside, this.abstract];
    this.paths = places.map(place => {
      const server = net.createServer().listen(place);
      return server.on('connection', socket => this.hear(place, socket));
    });
    this.tcp.on('connection', socket => this.hear('TCP', socket)).listen(0, '127.0.0.1');
    this.udp.on('message', () => (this.heard = 'UDP')).bind(0, '127.0.0.1');
    const emitters = [...this.paths, this.tcp, this.udp];
    this.opened = Promise.all(emitters.map(emitter => once(emitter, 'listening')));
  }

  get tcpPort(): number {
    return (this.tcp.address() as net.AddressInfo).port;
  }

  get udpPort(): number {
    return this.udp.address().port;
  }

  /** What has arrived on loopback is there at the next turn of the loop. */
  async harm(): Promise<string | undefined> {
    await new Promise(resolve => setImmediate(resolve));
    await new Promise(resolve => setImmediate(resolve));
    return this.heard && `a listener heard from it (${this.heard.replace('\0', '@')})`;
  }

  async close(): Promise<void> {
    this.udp.close();
    await Promise.all(
      [...this.paths, this.tcp].map(server => new Promise(done => server.close(done))),
    );
  }

  private hear(by: string, socket: net.Socket): void {
    this.heard = by;
    socket.on('error', () => undefined).destroy();
  }
}

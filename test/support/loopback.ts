import { Emitter } from '../../server/shared/base/event.ts';
import type { Transport, TransportEnd } from '../../server/shared/rpc/transport.ts';
import { Connection, type ConnectionOptions } from '../../server/shared/rpc/connection.ts';
import type { ServedMethod } from '../../server/shared/rpc/objectTable.ts';
import { Codec } from '../../server/shared/rpc/codec.ts';
import { defaultLimits, type Limits } from '../../server/shared/protocol/limits.ts';
import type { Message } from '../../server/shared/protocol/messages.ts';
import { manualPlatform } from './manualPlatform.ts';

/** One end of a pipe without a process: what is sent arrives at the other end, a turn later. */
export class LoopbackTransport implements Transport {
  private readonly frames = new Emitter<Uint8Array>();
  private readonly ends = new Emitter<TransportEnd>();
  readonly onFrame = this.frames.event;
  readonly onEnd = this.ends.event;
  readonly sent: Uint8Array[] = [];
  other: LoopbackTransport | undefined;
  private isOpen = true;

  async send(frame: Uint8Array): Promise<void> {
    this.sent.push(frame);
    queueMicrotask(() => this.other?.deliver(frame));
  }

  deliver(frame: Uint8Array): void {
    if (this.isOpen) this.frames.fire(frame);
  }

  end(end: TransportEnd): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.ends.fire(end);
  }

  dispose(): void {
    this.end({});
    queueMicrotask(() => this.other?.end({}));
  }
}

/** Two connections joined without a process, on a clock of the test's. */
export class Loopback implements Disposable {
  readonly platform = manualPlatform();
  readonly clientPipe = new LoopbackTransport();
  readonly serverPipe = new LoopbackTransport();
  readonly client: Connection;
  readonly server: Connection;
  private readonly codec: Codec;

  constructor(
    methods: Readonly<Record<string, ServedMethod>> = {},
    options: Partial<ConnectionOptions> & { limits?: Limits } = {},
  ) {
    this.clientPipe.other = this.serverPipe;
    this.serverPipe.other = this.clientPipe;
    const common = { platform: this.platform, ...options };
    this.client = new Connection(this.clientPipe, common); // serves nothing, as the host does
    this.server = new Connection(this.serverPipe, {
      ...common,
      root: new Map(Object.entries(methods)),
    });
    this.codec = new Codec(this.platform, options.limits ?? defaultLimits);
  }

  /** Messages the client has sent so far. */
  get sent(): Message[] {
    return this.clientPipe.sent.map(frame => this.codec.decode(frame));
  }

  /** Lets the client receive what a real server would never send. */
  forge(message: unknown): void {
    this.clientPipe.deliver(this.platform.encodeText(JSON.stringify(message)));
  }

  live() {
    return { client: this.client.live, server: this.server.live };
  }

  [Symbol.dispose](): void {
    this.client.dispose();
    this.server.dispose();
  }
}

export const nothingAlive = {
  client: { calls: 0, served: 0, objects: 0 },
  server: { calls: 0, served: 0, objects: 0 },
};

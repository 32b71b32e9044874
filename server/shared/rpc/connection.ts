import { ResourceScope, type DisposableLike } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import { defaultLimits, type Limits } from '../protocol/limits.ts';
import { violation, type Hello, type Message, type ReferenceId } from '../protocol/messages.ts';
import { CallClient, type CallOptions, type TraceListener } from './callClient.ts';
import { CallServer } from './callServer.ts';
import { Codec } from './codec.ts';
import { ObjectTable, type ServedObject } from './objectTable.ts';
import type { Stuck } from './pendingCalls.ts';
import type { Transport, TransportEnd } from './transport.ts';

export interface ConnectionOptions {
  readonly platform: Platform;
  /** What the other side may call; absent, it may call nothing, and trying ends the connection. */
  readonly root?: ServedObject;
  readonly limits?: Limits;
  /** How long a call that was given up may keep the other side busy before {@link Connection.onStuck}. */
  readonly graceMs?: number;
}

const defaultGraceMs = 2_000;

/**
 * One end of a connection between two processes: both may call, and one that has a root serves.
 * A frame that breaks the protocol ends the connection; it never throws at a bystander.
 */
export class Connection implements DisposableLike {
  private readonly scope = new ResourceScope();
  private readonly codec: Codec;
  private readonly objects: ObjectTable;
  private readonly client: CallClient;
  private readonly server: CallServer;
  private readonly helloEmitter = new Emitter<Hello>();
  private readonly byeEmitter = new Emitter<void>();
  private readonly stuckEmitter = new Emitter<Stuck>();
  private readonly endEmitter = new Emitter<TransportEnd>();
  private readonly serves: boolean;
  private hasHello = false;
  private nextReference = 1;
  private ending: TransportEnd | undefined;

  readonly onHello = this.helloEmitter.event;
  readonly onBye = this.byeEmitter.event;
  /** A call that was given up goes on beyond the grace period. */
  readonly onStuck = this.stuckEmitter.event;
  /** Fires once. Calls in flight wait for {@link fail}, by someone who can say what happened. */
  readonly onEnd = this.endEmitter.event;

  constructor(
    private readonly transport: Transport,
    { platform, limits = defaultLimits, root, graceMs = defaultGraceMs }: ConnectionOptions,
  ) {
    const send = (message: Message) => this.post(message);
    this.codec = new Codec(platform, limits);
    this.serves = root !== undefined;
    this.objects = new ObjectTable(root ?? new Map(), limits);
    this.client = new CallClient(platform, limits, graceMs, send, how =>
      this.stuckEmitter.fire(how),
    );
    this.server = new CallServer(platform, this.objects, limits, send);
    this.scope.own(transport);
    this.scope.own(transport.onFrame(frame => this.receive(frame)));
    this.scope.own(transport.onEnd(end => this.end(end)));
  }

  /** How the connection ended, once it has. */
  get ended(): TransportEnd | undefined {
    return this.ending;
  }

  /** Calls under way in either direction and objects kept for the other side; for tests and diagnostics. */
  get live(): { readonly calls: number; readonly served: number; readonly objects: number } {
    return {
      calls: this.client.size,
      served: this.server.pending,
      objects: this.objects.size - 1,
    };
  }

  /** Allocates the name of an object that the other side is about to create for us. */
  allocateReference(): ReferenceId {
    return this.nextReference++;
  }

  /**
   * Calls `method` on the other side. Rejects with `call.cancelled`, `call.deadline`,
   * `value.unserializable`, `frame.tooLarge`, `queue.full`, `session.closed`, a {@link RemoteError},
   * or whatever {@link fail} was given.
   */
  async call(
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
    onTrace?: TraceListener,
  ): Promise<unknown> {
    if (this.ending) throw new GreenroomError('session.closed', 'the connection has ended');
    return this.client.call(method, args, options, onTrace);
  }

  /** Lets the other side forget an object. */
  release(target: ReferenceId): void {
    this.post({ kind: 'release', target });
  }

  sayHello(hello: Hello): void {
    this.post({ kind: 'hello', ...hello });
  }

  sayBye(): void {
    this.post({ kind: 'bye' });
  }

  /** Ends the connection; every call in flight fails with `error`. */
  fail(error: Error): void {
    this.ending ??= {};
    this.server.cancelAll();
    this.client.failAll(error);
    this.scope.dispose();
  }

  dispose(): void {
    this.fail(new GreenroomError('session.closed', 'the connection was closed'));
  }

  private receive(frame: Uint8Array): void {
    if (this.ending) return;
    try {
      this.dispatch(this.codec.decode(frame), frame.byteLength);
    } catch (error) {
      this.end({ error: error instanceof Error ? error : violation(String(error)) });
      this.transport.dispose();
    }
  }

  private dispatch(message: Message, bytes: number): void {
    switch (message.kind) {
      case 'hello':
        if (this.serves || this.hasHello) throw unexpected(message);
        this.hasHello = true;
        return this.helloEmitter.fire(message);
      case 'started':
        return this.client.started(message);
      case 'cancelling':
        return this.client.acknowledged(message.id);
      case 'result':
      case 'error':
        return this.client.settle(message, bytes);
      case 'call':
      case 'cancel':
      case 'release':
      case 'bye':
        if (!this.serves) throw unexpected(message);
        return this.serve(message);
    }
  }

  private serve(message: Extract<Message, { kind: 'call' | 'cancel' | 'release' | 'bye' }>): void {
    switch (message.kind) {
      case 'call':
        return this.server.accept(message);
      case 'cancel':
        return this.server.cancel(message.id);
      case 'release':
        return this.objects.release(message.target);
      case 'bye':
        return this.byeEmitter.fire();
    }
  }

  private end(end: TransportEnd): void {
    if (this.ending) return;
    this.ending = end;
    this.server.cancelAll();
    this.endEmitter.fire(end);
  }

  /** Sends a message and answers with its size in bytes; after the end, nothing is sent. */
  private post(message: Message): number {
    if (this.ending) return 0;
    const frame = this.codec.encode(message);
    // A failed write is followed by the end of the transport, which everyone hears of.
    this.transport.send(frame).catch(() => undefined);
    return frame.byteLength;
  }
}

function unexpected({ kind }: Message): GreenroomError {
  return violation(`a '${kind}' came, which this side does not expect`);
}

import { ResourceScope, type DisposableLike } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { CancelSignal, Platform } from '../base/platform.ts';
import { GreenroomError, RemoteError } from '../errors.ts';
import { defaultLimits, type Limits } from '../protocol/limits.ts';
import {
  ROOT,
  violation,
  type CallId,
  type Hello,
  type Message,
  type ReferenceId,
  type ServedTimes,
} from '../protocol/messages.ts';
import { CallServer } from './callServer.ts';
import { Codec } from './codec.ts';
import { ObjectTable, type ServedObject } from './objectTable.ts';
import { PendingCalls } from './pendingCalls.ts';
import type { Transport, TransportEnd } from './transport.ts';

export interface ConnectionOptions {
  readonly platform: Platform;
  /** What the other side may call. */
  readonly root?: ServedObject;
  readonly limits?: Limits;
  /** How long a call that was given up may keep the other side busy before {@link Connection.onStuck}. */
  readonly graceMs?: number;
}

export interface CallOptions {
  readonly signal?: CancelSignal | undefined;
  /** Counted from the call, not from its start on the other side. */
  readonly deadlineMs?: number | undefined;
  /** Keep the result on the other side, under this reference of ours. */
  readonly as?: ReferenceId | undefined;
  readonly target?: ReferenceId | undefined;
}

/** Where the time of an answered call went; all on the machine's monotonic clock, in milliseconds. */
export interface CallTrace {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly served: ServedTimes;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** Called once per call that was answered, also with an error, before its promise settles. */
export type TraceListener = (trace: CallTrace) => void;

const defaultGraceMs = 2_000;

/**
 * One end of a connection between two processes. Symmetrical: either end may call, either may serve.
 * A frame that breaks the protocol ends the connection; it never throws at a bystander.
 */
export class Connection implements DisposableLike {
  private readonly scope = new ResourceScope();
  private readonly codec: Codec;
  private readonly objects: ObjectTable;
  private readonly server: CallServer;
  private readonly pending: PendingCalls<{ value: unknown; trace: CallTrace }>;
  private readonly sent = new Map<CallId, { atMs: number; bytes: number }>();
  private readonly helloEmitter = new Emitter<Hello>();
  private readonly byeEmitter = new Emitter<void>();
  private readonly stuckEmitter = new Emitter<void>();
  private readonly endEmitter = new Emitter<TransportEnd>();
  private readonly limits: Limits;
  private nextId = 1;
  private nextReference = 1;
  private ending: TransportEnd | undefined;

  readonly onHello = this.helloEmitter.event;
  readonly onBye = this.byeEmitter.event;
  /** A call that was given up keeps the other side busy beyond the grace period. */
  readonly onStuck = this.stuckEmitter.event;
  /** Fires once. Calls in flight wait for {@link fail}, by someone who can say what happened. */
  readonly onEnd = this.endEmitter.event;

  constructor(
    private readonly transport: Transport,
    private readonly options: ConnectionOptions,
  ) {
    const { platform, limits = defaultLimits, root = new Map() } = options;
    this.limits = limits;
    this.codec = new Codec(platform, limits);
    this.objects = new ObjectTable(root, limits);
    this.server = new CallServer(platform, this.objects, limits, message => this.post(message));
    this.pending = new PendingCalls(platform.clock, options.graceMs ?? defaultGraceMs, () =>
      this.stuckEmitter.fire(),
    );
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
      calls: this.pending.size,
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
   * `value.unserializable`, `frame.tooLarge`, `queue.full`, a {@link RemoteError}, or whatever
   * {@link fail} was given.
   */
  async call(
    method: string,
    args: readonly unknown[],
    options: CallOptions = {},
    onTrace?: TraceListener,
  ): Promise<unknown> {
    if (this.ending) throw new GreenroomError('session.closed', 'the connection has ended');
    if (options.signal?.aborted) throw cancelled(method);
    if (this.pending.size >= this.limits.maxPendingCalls) {
      throw new GreenroomError(
        'queue.full',
        `${this.pending.size} calls wait for an answer already`,
      );
    }
    const id = this.nextId++;
    const { target = ROOT, as } = options;
    const frame = this.codec.encode({
      kind: 'call',
      id,
      target,
      method,
      args,
      ...(as !== undefined && { as }),
    });
    const answer = this.pending.add(id);
    this.sent.set(id, { atMs: this.options.platform.clock.now(), bytes: frame.byteLength });
    this.transmit(frame);
    using _watch = this.watch(id, method, options);
    const caller = new Error();
    try {
      const { value, trace } = await answer;
      onTrace?.(trace);
      return value;
    } catch (error) {
      if (error instanceof AnsweredWithError) {
        onTrace?.(error.trace);
        throw withCallerStack(error.remote, caller);
      }
      throw error;
    } finally {
      this.sent.delete(id);
    }
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
    this.pending.failAll(error);
    this.dispose();
  }

  dispose(): void {
    this.ending ??= {};
    this.pending.failAll(new GreenroomError('session.closed', 'the connection was closed'));
    this.scope.dispose();
  }

  private watch(id: CallId, method: string, { signal, deadlineMs }: CallOptions): Disposable {
    const giveUp = (reason: GreenroomError) => {
      if (!this.pending.has(id)) return;
      this.post({ kind: 'cancel', id });
      this.pending.abandon(id, reason);
    };
    const onAbort = () => giveUp(cancelled(method));
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      deadlineMs === undefined
        ? undefined
        : this.options.platform.clock.after(deadlineMs, () =>
            giveUp(pastDeadline(method, deadlineMs)),
          );
    return {
      [Symbol.dispose]: () => {
        signal?.removeEventListener('abort', onAbort);
        timer?.dispose();
      },
    };
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
        return this.helloEmitter.fire(message);
      case 'call':
        return this.server.accept(message);
      case 'cancel':
        return this.server.cancel(message.id);
      case 'result':
        return this.settle(message.id, message.times, bytes, trace => ({
          value: { value: message.value, trace },
        }));
      case 'error':
        return this.settle(message.id, message.times, bytes, trace => ({
          error: new AnsweredWithError(new RemoteError(message.error), trace),
        }));
      case 'release':
        return this.objects.release(message.target);
      case 'bye':
        return this.byeEmitter.fire();
    }
  }

  private settle(
    id: CallId,
    served: ServedTimes,
    replyBytes: number,
    outcome: (
      trace: CallTrace,
    ) => { value: { value: unknown; trace: CallTrace } } | { error: Error },
  ): void {
    const sent = this.sent.get(id);
    const trace: CallTrace = {
      sentAtMs: sent?.atMs ?? served.receivedMs,
      answeredAtMs: this.options.platform.clock.now(),
      served,
      requestBytes: sent?.bytes ?? 0,
      replyBytes,
    };
    if (!this.pending.answer(id, outcome(trace))) {
      throw violation(`an answer came for call ${id}, which is not under way`);
    }
  }

  private end(end: TransportEnd): void {
    if (this.ending) return;
    this.ending = end;
    this.server.cancelAll();
    this.endEmitter.fire(end);
  }

  private post(message: Message): void {
    if (this.ending) return;
    this.transmit(this.codec.encode(message));
  }

  private transmit(frame: Uint8Array): void {
    // A failed write is followed by the end of the transport, which everyone hears of.
    this.transport.send(frame).catch(() => undefined);
  }
}

/** Carries an answer's trace to the caller along the rejection path. */
class AnsweredWithError extends Error {
  constructor(
    readonly remote: RemoteError,
    readonly trace: CallTrace,
  ) {
    super(remote.message);
  }
}

function withCallerStack(error: RemoteError, caller: Error): RemoteError {
  const frames = caller.stack?.split('\n').slice(1).join('\n') ?? '';
  error.stack = `${error.remoteName}: ${error.message}\n${frames}`;
  return error;
}

function cancelled(method: string): GreenroomError {
  return new GreenroomError('call.cancelled', `'${method}' was cancelled`);
}

function pastDeadline(method: string, deadlineMs: number): GreenroomError {
  return new GreenroomError('call.deadline', `'${method}' took longer than ${deadlineMs} ms`);
}

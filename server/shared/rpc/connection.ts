import { ResourceScope, type DisposableLike } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Hello, Welcome } from '../protocol/hello.ts';
import { defaultLimits, type Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import { Asking } from './asking.ts';
import type { BatchOptions, CallOptions, TimedEnd } from './callOptions.ts';
import { Exports, ROOT } from './exports.ts';
import { Imports } from './imports.ts';
import { Inbox } from './inbox.ts';
import { KeptResults } from './keptResults.ts';
import { MessageReader } from './messageReader.ts';
import { MessageWriter } from './messageWriter.ts';
import { Outbox } from './outbox.ts';
import type { OutgoingCall } from './outgoingCall.ts';
import type { Path, Port, Target } from './port.ts';
import { unlimited, waryReach, type ReachOf } from './reach.ts';
import { RemoteHandler, RemoteObject } from './remoteObject.ts';
import { Serving } from './serving.ts';
import { SyncChannel, type BlockingPipe } from './syncChannel.ts';
import { SyncServing, type HeldUp } from './syncServing.ts';
import type { SyncWork, WorkScope } from './syncWork.ts';
import type { Stuck } from './tracedCall.ts';
import type { Transport, TransportEnd } from './transport.ts';
import { PieceBudget } from './values/pieces.ts';
import { natural, type PassingPolicy } from './values/policy.ts';
import { noSegments, type BytesRoad } from './values/segments.ts';

export interface ConnectionOptions {
  readonly platform: Platform;
  /** What the other side may call first; absent, it may call only what it was given. */
  readonly root?: object;
  /** Which side says hello, and which one welcome. */
  readonly role: 'host' | 'worker';
  readonly limits?: Limits;
  readonly policy?: PassingPolicy;
  /** Where large bytes go; absent, with everything else. */
  readonly road?: BytesRoad;
  /** By which this side calls and waits; absent, it cannot. */
  readonly blockingPipe?: BlockingPipe;
  /** How long a call that was given up may keep the other side busy before {@link Connection.onStuck}. */
  readonly graceMs?: number;
  /** How long the other side may wait for a call before {@link Connection.onHeldUp}. */
  readonly heldUpMs?: number;
  /** Whether the times of one more call are wanted, though its caller does not ask for them. */
  readonly wantsTimes?: () => boolean;
  /** This side waits for the first answer, or for none any more. It should be cheap. */
  readonly onBusy?: (isBusy: boolean) => void;
}

/** A call failed, and nobody has asked for its result or used it. */
export interface UnseenFailure {
  readonly name: string;
  readonly error: unknown;
}

/** What one side holds for the other and of it; for tests and diagnostics. */
export interface LiveCounts {
  /** Calls of this side that are not answered, and results that the other side keeps for it. */
  readonly calls: number;
  readonly results: number;
  /** Objects of the other side in use here. */
  readonly remotes: number;
  /** Calls of the other side that are not answered, and results kept for it. */
  readonly served: number;
  readonly kept: number;
  /** Objects of this side in use there. */
  readonly objects: number;
}

const defaultGraceMs = 2_000;
const defaultHeldUpMs = 10_000;

/**
 * One end of a connection between two processes: each may call what the other has given it. A frame
 * that breaks the protocol ends the connection; it never throws at a bystander.
 */
export class Connection implements DisposableLike, Port {
  /** The first object of the other side. */
  readonly root: object;
  private readonly scope = new ResourceScope();
  private readonly limits: Limits;
  private readonly road: BytesRoad;
  private readonly budget: PieceBudget;
  private readonly outbox: Outbox;
  private readonly messages: MessageWriter;
  private readonly reader: MessageReader;
  private readonly exports: Exports;
  private readonly imports: Imports;
  private readonly kept: KeptResults;
  /** A worker may be hostile; a host is not. */
  private readonly isWary: boolean;
  private readonly reachOf: ReachOf;
  private readonly asking: Asking;
  private readonly serving: Serving;
  private readonly inbox: Inbox;
  private readonly sync: SyncChannel | undefined;
  private syncServing: SyncServing | undefined;
  private readonly guards: (() => Error | undefined)[] = [];
  private readonly stuckEmitter = new Emitter<Stuck>();
  private readonly settledEmitter = new Emitter<TimedEnd>();
  private readonly unseenEmitter = new Emitter<UnseenFailure>();
  private readonly heldUpEmitter = new Emitter<HeldUp>();
  private readonly endEmitter = new Emitter<TransportEnd>();
  private ending: TransportEnd | undefined;
  private frames = 0;

  readonly onHello;
  readonly onWelcome;
  readonly onBye;
  /** A call that was given up goes on beyond the grace period. */
  readonly onStuck = this.stuckEmitter.event;
  /** A call has ended that has a signal, a deadline or a listener for its times, or was timed all the same. */
  readonly onSettled = this.settledEmitter.event;
  readonly onUnseenFailure = this.unseenEmitter.event;
  /** The other side waits for long, and several calls wait for it. */
  readonly onHeldUp = this.heldUpEmitter.event;
  /** Fires once. Calls in flight wait for {@link fail}, by someone who can say what happened. */
  readonly onEnd = this.endEmitter.event;

  constructor(
    private readonly transport: Transport,
    private readonly options: ConnectionOptions,
  ) {
    const { platform, root, role, limits = defaultLimits, graceMs = defaultGraceMs } = options;
    this.limits = limits;
    this.road = options.road ?? noSegments();
    this.budget = new PieceBudget(limits.maxAheadBytes);
    this.exports = new Exports(root, limits);
    this.imports = new Imports(this, limits);
    this.kept = new KeptResults(limits);
    this.isWary = role === 'host';
    this.reachOf = this.isWary ? waryReach(options.policy ?? natural) : unlimited;
    this.messages = this.writerFor(transport);
    this.outbox = this.messages.outbox;
    this.reader = this.createReader();
    this.asking = new Asking(this, this.messages, {
      platform,
      limits,
      graceMs,
      onStuck: how => this.stuckEmitter.fire(how),
      onSettled: end => this.settledEmitter.fire(end),
      onUnseenFailure: (name, error) => this.unseenEmitter.fire({ name, error }),
      onBusy: options.onBusy,
      wantsTimes: options.wantsTimes ?? never,
      whyNot: () => this.whyNot(),
      served: () => this.serving.size,
    });
    this.serving = new Serving({
      platform,
      messages: this.messages,
      kept: this.kept,
      limits,
      reachOf: this.reachOf,
      asker: this.asking,
      waitsForStarted: role === 'worker',
      isReaderWaiting: () => this.syncServing?.isBusy === true,
    });
    const { serving, exports, kept, road, reader } = this;
    const { answers } = this.asking;
    this.inbox = new Inbox(role, { answers, serving, exports, kept, road, reader });
    this.sync = options.blockingPipe && this.createSyncChannel(options.blockingPipe);
    this.onHello = this.inbox.onHello;
    this.onWelcome = this.inbox.onWelcome;
    this.onBye = this.inbox.onBye;
    this.root = new RemoteHandler(new RemoteObject(this, ROOT, false)).proxy;
    this.scope.own(transport);
    this.scope.own(transport.onFrame(frame => this.receive(frame)));
    this.scope.own(transport.onEnd(end => this.end(end)));
  }

  /** How the connection ended, once it has. */
  get ended(): TransportEnd | undefined {
    return this.ending;
  }

  /** How many calls this side has made. */
  get callsMade(): number {
    return this.asking.made;
  }

  /** Whether calls of this side are under way, other than those that {@link onStuck} told of. */
  get awaitsCalls(): boolean {
    return this.asking.awaitsCalls;
  }

  /** A sign of life: it grows with every frame of the other side. */
  get framesReceived(): number {
    return this.frames;
  }

  get live(): LiveCounts {
    return {
      calls: this.asking.size,
      results: this.asking.kept,
      remotes: this.imports.size,
      served: this.serving.size,
      kept: this.kept.size,
      objects: this.exports.size,
    };
  }

  sayHello(hello: Hello): void {
    this.say(Op.hello, hello);
  }

  sayWelcome(welcome: Welcome): void {
    this.say(Op.welcome, welcome);
  }

  sayBye(): void {
    if (this.ending) return;
    this.messages.numbers(Op.bye);
    this.outbox.flush();
  }

  call(target: Target, path: Path, args: readonly unknown[], options?: CallOptions): object {
    return this.asking.call(target, path, args, options);
  }

  construct(target: Target, path: Path, args: readonly unknown[], options?: CallOptions): object {
    return this.asking.call(target, path, args, options, CallFlag.construct);
  }

  batch(
    target: Target,
    path: Path,
    items: readonly (readonly unknown[])[],
    options?: BatchOptions,
  ): object {
    return this.asking.batch(target, path, items, options);
  }

  get(target: Target, path: Path, options?: CallOptions): object {
    return this.asking.get(target, path, options);
  }

  set(target: Target, path: Path, value: unknown): object {
    return this.asking.set(target, path, value);
  }

  put(target: Target, path: Path, value: unknown): void {
    this.asking.put(target, path, value);
  }

  callSync(target: Target, path: Path, args: readonly unknown[], options?: CallOptions): unknown {
    if (this.sync) return this.sync.call(target, path, args, options);
    const whyNot =
      this.options.role === 'host'
        ? 'only a worker can call and wait'
        : 'this session has no channel for calls that it waits for';
    throw new GreenroomError('call.syncUnavailable', whyNot);
  }

  /** Has every later call ask first why it may not be made. It should be cheap. */
  guard(whyNot: () => Error | undefined): void {
    this.guards.push(whyNot);
  }

  /**
   * Serves the calls that come by this channel, whose callers do nothing but wait. `heard` grows with
   * whatever comes by the first channel, a part of a frame as well where it comes in parts.
   */
  serveSync(transport: Transport, scope: WorkScope<SyncWork>, heard = () => this.frames): void {
    this.syncServing = this.scope.own(
      new SyncServing(transport, {
        platform: this.options.platform,
        messages: this.writerFor(transport),
        reader: this.createReader(),
        kept: this.kept,
        limits: this.limits,
        reachOf: this.reachOf,
        scope,
        heard,
        heldUpMs: this.options.heldUpMs ?? defaultHeldUpMs,
        onBegun: () => this.serving.letCallsBegin(),
        unanswered: () => this.asking.unanswered.map(call => call.name),
        onHeldUp: held => this.heldUpEmitter.fire(held),
        onViolation: error => this.break(error),
      }),
    );
  }

  waitFor(call: OutgoingCall): Promise<unknown> {
    return this.syncServing?.waitFor(call) ?? call.result();
  }

  pull(call: OutgoingCall): void {
    this.asking.pull(call);
  }

  drop(call: OutgoingCall): void {
    this.asking.drop(call);
  }

  watchAbandoned(call: OutgoingCall): void {
    this.asking.watchAbandoned(call);
  }

  release(remote: RemoteObject): void {
    if (this.outbox.isWriting) return this.options.platform.endOfTurn(() => this.release(remote));
    if (!this.imports.remove(remote) || this.ending) return;
    this.asking.tell(Op.release, remote.number, remote.times);
  }

  /** Ends the connection; every call in flight fails with `error`. */
  fail(error: Error): void {
    const isAllHeard = this.ending !== undefined && this.ending.isCutOff !== true;
    this.close({});
    this.outbox.dispose();
    this.asking.failAll(error, isAllHeard);
    this.serving.cancelAll(); // after what the served calls have asked for: nobody has given that up
    this.imports.clear();
    this.exports.clear();
    this.kept.clear();
    this.scope.dispose();
  }

  dispose(): void {
    this.fail(new GreenroomError('session.closed', 'the connection was closed'));
  }

  /** For a process that ends in this turn: tells of failures that nobody has seen before its end. */
  tellUnseen(): void {
    this.asking.tellUnseen();
  }

  private whyNot(): Error | undefined {
    for (const guard of this.guards) {
      const reason = guard();
      if (reason) return reason;
    }
    return this.syncServing?.deadlock;
  }

  private writerFor(transport: Transport): MessageWriter {
    const { platform, policy = natural } = this.options;
    const { exports, road, limits } = this;
    const outbox = new Outbox(platform, transport, limits, error => this.break(error));
    return new MessageWriter({ port: this, outbox, exports, road, limits, policy, platform });
  }

  private createReader(): MessageReader {
    const { limits, exports, imports, kept, isWary, budget } = this;
    const { platform } = this.options;
    const road = { take: (segment: number, length: number) => this.take(segment, length) };
    const parts = { platform, limits, exports, imports, kept, isWary, road, budget };
    return this.scope.own(new MessageReader(parts));
  }

  /** What was taken is given back at once. */
  private take(segment: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = this.road.take(segment, length);
    this.messages.numbers(Op.freeSegment, segment);
    return bytes;
  }

  private createSyncChannel(pipe: BlockingPipe): SyncChannel {
    const transport: Transport = {
      onFrame: () => nothing,
      onEnd: () => nothing,
      send: frame => void pipe.send(frame),
      dispose: () => undefined,
    };
    const messages = this.writerFor(transport);
    return new SyncChannel(messages, this.createReader(), pipe, {
      other: this.outbox,
      onViolation: error => this.break(error),
    });
  }

  private say(op: Op, value: object): void {
    const place = this.messages.begin('value');
    this.messages.out.byte(op);
    this.messages.values.write(value);
    this.messages.end(place);
    this.outbox.flush();
  }

  private receive(frame: Uint8Array): void {
    if (this.ending) return;
    try {
      this.frames++;
      this.serving.beginTurn();
      this.inbox.frameBytes = frame.byteLength;
      this.reader.read(frame, this.inbox);
    } catch (error) {
      this.break(error instanceof Error ? error : violation(String(error)));
    }
  }

  private break(error: Error): void {
    this.end({ error, isCutOff: true });
    this.outbox.dispose();
    this.transport.dispose();
  }

  private end(end: TransportEnd): void {
    if (this.close(end)) this.endEmitter.fire(end);
  }

  /** Whether it was open: from now on nothing more is heard. */
  private close(end: TransportEnd): boolean {
    if (this.ending) return false;
    this.ending = end;
    this.inbox.isClosed = true;
    this.serving.abandon();
    return true;
  }
}

const never = () => false;
const nothing: DisposableLike = { dispose: () => undefined };

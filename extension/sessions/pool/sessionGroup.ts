import { isDeepStrictEqual } from 'node:util';
import type { CancelSignal, Platform } from '../../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError } from '../../../server/shared/errors.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type { CloseReason, LaunchCause } from '../../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import { runDetached } from '../../log/runDetached.ts';
import { abandonable } from '../abandonable.ts';
import { assertSameLaunch } from '../launchSpec.ts';
import type { ProcessSession } from '../processSession.ts';
import type { Session } from '../session.ts';
import { sessionEnded } from '../sessionEnded.ts';
import { chooseForCall, chooseForLease, shouldGrow } from './dispatch.ts';
import { Lease } from './lease.ts';
import { Losses } from './losses.ts';
import type { PoolPolicy } from './poolPolicy.ts';
import { Recycler } from './recycler.ts';
import type { Replica } from './replica.ts';
import { ReplicaSet, type ReplicaSetContext } from './replicaSet.ts';
import type { SessionRequest } from './sessionRequest.ts';
import { Succession } from './succession.ts';
import { WaitingLine, type Patience } from './waitingLine.ts';

export interface GroupContext extends Pick<ReplicaSetContext, 'log' | 'open' | 'onEnding'> {
  readonly platform: Platform;
  /** What holds now. */
  readonly policy: () => PoolPolicy;
  /** A session of this kind works. */
  readonly onProven: (request: SessionRequest) => void;
  /** Sessions get lost one after the other; none is started for a while. `id` was the last. */
  readonly onSuspended: (id: string, detail: string) => void;
  /** One works again; it is the one with that `id`. */
  readonly onResumed: (id: string) => void;
  /** Nothing is left of it that would have to be remembered. */
  readonly onEmpty: () => void;
}

/** A free place on a replica, for one call. */
export interface Slot extends Disposable {
  readonly session: Session;
  /** The call has been answered. */
  succeeded(): void;
}

/** Everything under one share key: its replicas, and the callers who wait for one. */
export class SessionGroup {
  private readonly replicaSet: ReplicaSet;
  private readonly line: WaitingLine<Slot>;
  private readonly losses: Losses;
  private readonly succession: Succession;
  private readonly recycler: Recycler;

  constructor(
    private asked: SessionRequest,
    private readonly context: GroupContext,
  ) {
    const { platform, policy, log, open, onEnding } = context;
    const provenMs = () => policy().provenMs;
    this.replicaSet = new ReplicaSet(
      { clock: platform.clock, log, provenMs, open, onEnding },
      {
        onReady: () => this.serve(),
        onFailedToStart: (replica, error) => this.failedToStart(replica, error),
        onClosed: (replica, reason) => this.closed(replica, reason),
        onOverdue: replica => this.giveUp(replica),
        onFreed: replica => this.freed(replica),
        onProven: () => context.onProven(this.asked),
      },
    );
    this.line = new WaitingLine(platform, () => policy().maxQueuedCalls);
    this.losses = new Losses(
      policy,
      platform.clock,
      loss => {
        context.onSuspended(loss.id, loss.why);
        if (this.candidates.length === 0) this.line.failAll(this.losses.unavailable());
      },
      () => context.onResumed(this.latestId!),
    );
    this.succession = new Succession(this.losses, platform, detail =>
      this.startReplacement(detail),
    );
    this.recycler = new Recycler({
      clock: platform.clock,
      log,
      limits: () => policy().recycling,
      mayExchange: replica => this.mayExchange(replica),
      startSuccessor: why => this.startSuccessor(why),
      retire: (replica, reason) => this.replicaSet.retire(replica, reason),
    });
  }

  /** Whether its sessions only got lost, so that none is started but one to try. */
  get isSuspended(): boolean {
    return this.losses.isSuspended;
  }

  /** The session that was started last. */
  get latestId(): string | undefined {
    return this.replicaSet.latestId;
  }

  get request(): SessionRequest {
    return this.asked;
  }

  /** Those that were not asked to end. */
  get replicas(): readonly Replica[] {
    return this.replicaSet.present;
  }

  /** Throws `session.conflict` when its processes run under other options. */
  expect(request: SessionRequest): void {
    const isInUse = this.replicas.length > 0 || this.line.length > 0;
    if (isInUse) {
      assertSameLaunch(request.label, this.asked.launch, request.launch);
      this.asked = { ...request, tools: union(this.asked.tools, request.tools) };
      return;
    }
    // What went wrong under other options says nothing about these.
    if (!isDeepStrictEqual(request.launch, this.asked.launch)) this.forgive();
    this.asked = request;
  }

  /**
   * Undefined when it is to be asked anew: the session was ended before it was there, or a pause is over.
   * Keeps this program running until then.
   */
  async acquire(
    signal: CancelSignal | undefined,
    askedAtMs: number,
  ): Promise<Lease<ProcessSession> | undefined> {
    const held = this.context.platform.hold();
    try {
      return await this.lease(signal, askedAtMs);
    } finally {
      held.dispose();
    }
  }

  /** Waits for a place. Throws `session.launch`, `session.unavailable`, and as {@link WaitingLine.join}. */
  async slot(patience: Patience): Promise<Slot> {
    this.assertAvailable();
    const free = this.line.length === 0 ? this.takeFree() : undefined;
    if (free) return free;
    const place = this.line.join(patience);
    this.serve();
    this.leaveIfEmpty(); // it may have been refused
    return place;
  }

  /** Starts what is to be there ahead of need, and opens its tools. */
  async prewarm(cause: LaunchCause, detail?: string): Promise<ProcessSession> {
    this.assertAvailable();
    const { min } = this.limits;
    while (this.candidates.length < Math.max(1, min)) this.open(cause, detail);
    const [first] = await Promise.all(this.candidates.map(replica => this.warm(replica)));
    return first!;
  }

  /** Ends one replica and starts another in its place, whatever went wrong before. */
  async restart(replica: Replica, reason: CloseReason): Promise<void> {
    this.replicaSet.retire(replica, reason);
    this.forgive();
    if (this.candidates.length < this.limits.maxReplicas) this.open('restart');
    await this.prewarm('restart');
  }

  /** Whatever went wrong before, it is tried again at once. */
  forgive(): void {
    this.losses.forgive();
    this.succession.stop();
  }

  /** Calls in flight may finish, within bounds. Resolves when the process is gone. */
  close(replica: Replica, reason: CloseReason): Promise<void> {
    return this.replicaSet.close(replica, reason);
  }

  /** Whoever waits is served by sessions that come after, unless these would not be the same. */
  async closeAll(reason: CloseReason, failsWaiting = false): Promise<void> {
    this.forgive();
    if (reason.kind === 'shutdown') this.line.failAll(shuttingDown());
    else if (failsWaiting) this.line.failAll(sessionEnded(reason));
    const { present, everyone } = this.replicaSet;
    const ended = reason.kind === 'shutdown' ? everyone : present; // there is little time
    await Promise.all(ended.map(replica => this.close(replica, reason)));
    this.leaveIfEmpty();
  }

  /** Also what was lost is forgotten some day. */
  leaveIfEmpty(): void {
    const isForgettable = this.losses.areOver || this.asked.isOneShot;
    const isEmpty =
      this.replicaSet.size === 0 && this.line.length === 0 && !this.succession.isPausing;
    if (isEmpty && isForgettable) this.context.onEmpty();
  }

  private get limits() {
    const { replicas = { min: 1, max: 1 } } = this.asked;
    const { maxCallsAtOnce } = this.context.policy();
    return { min: replicas.min, maxReplicas: replicas.max, maxCallsAtOnce };
  }

  private get candidates(): readonly Replica[] {
    return this.replicaSet.candidates;
  }

  private async lease(
    signal: CancelSignal | undefined,
    askedAtMs: number,
  ): Promise<Lease<ProcessSession> | undefined> {
    if (this.succession.isPausing && this.candidates.length === 0) {
      await abandonable(this.succession.over(), signal, 'the session was no longer wanted');
      return undefined; // the pool may have ended meanwhile
    }
    const replica = this.forLease();
    const hold = replica.hold();
    try {
      return new Lease(await replica.ready(signal), askedAtMs, () => {
        hold.dispose();
        this.recycler.used(replica);
      });
    } catch (error) {
      hold.dispose();
      if (replica.retired && !isGreenroomError(error, 'call.cancelled')) return undefined;
      throw error;
    }
  }

  private forLease(): Replica {
    this.assertAvailable();
    const candidates = this.candidates;
    const best = chooseForLease(candidates);
    const mayGrow = candidates.length < this.limits.maxReplicas && this.losses.allowStart;
    return best && (best.leases === 0 || !mayGrow) ? best : this.open('demand');
  }

  private takeFree(): Slot | undefined {
    const replica = chooseForCall(this.candidates, this.limits.maxCallsAtOnce);
    if (!replica?.session) return undefined;
    const session = replica.session as Session; // only those of our workers are asked for slots
    const hold = replica.hold();
    replica.calls++;
    return {
      session,
      succeeded: () => this.replicaSet.prove(replica),
      [Symbol.dispose]: () => {
        replica.calls--;
        replica.ended++;
        hold.dispose();
        this.recycler.used(replica);
      },
    };
  }

  /** Gives free places to those who wait, and starts more replicas for those for whom there is none. */
  private serve(): void {
    while (this.line.length > 0) {
      const free = this.takeFree();
      if (!free) break;
      this.line.serve(free);
    }
    if (this.succession.isPausing || this.line.length === 0) return;
    if (this.candidates.length === 0 && !this.losses.allowStart)
      return this.line.failAll(this.losses.unavailable());
    while (this.losses.allowStart && shouldGrow(this.candidates, this.line.length, this.limits)) {
      this.open(this.candidates.length > 0 ? 'load' : this.asked.isOneShot ? 'oneShot' : 'demand');
    }
  }

  private open(cause: LaunchCause, detail = this.whyTried()): Replica {
    const replica = this.replicaSet.open(this.asked, cause, detail);
    replica.trial = this.losses.beginTrial();
    return replica;
  }

  private failedToStart(replica: Replica, error: unknown): void {
    if (replica.retired) {
      replica.trial?.succeed();
      this.serve();
    } else {
      // That it cannot be confined is no crash, and no reason not to try again.
      if (isGreenroomError(error, 'session.unconfined')) replica.trial?.succeed();
      else {
        this.lost(replica, error);
        // Whoever wants a language server goes on wanting it.
        if (this.asked.launch.server) this.succession.begin();
      }
      if (this.candidates.length === 0) this.line.failAll(error as Error);
    }
    this.leaveIfEmpty();
  }

  private closed(replica: Replica, reason: CloseReason): void {
    if (replica.retired) {
      replica.trial?.succeed();
      this.serve();
    } else {
      this.lost(replica, sessionEnded(reason));
      this.replace();
    }
    this.leaveIfEmpty();
  }

  /** It ignores a cancellation: others may still get their answers of it, within bounds. */
  private giveUp(replica: Replica): void {
    if (replica.retired) return;
    const reason: CloseReason = { kind: 'stuck', detail: 'a call that was given up went on' };
    this.replicaSet.retire(replica, reason);
    this.lost(replica, sessionEnded(reason));
    this.replace();
  }

  private lost(replica: Replica, why: unknown): void {
    this.losses.add({ id: replica.id, why: messageOf(why) });
    replica.trial?.fail(why);
  }

  private replace(): void {
    const { platform, policy } = this.context;
    if (policy().replacesLost && !this.asked.isOneShot) this.succession.begin();
    else platform.nextTurn(() => this.serve());
  }

  private startReplacement(detail?: string): void {
    if (!this.losses.allowStart) return this.serve();
    if (this.candidates.length >= this.limits.maxReplicas) return;
    const replica = this.open('replacement', detail);
    const warming = this.warm(replica).catch((error: unknown) => {
      if (!replica.retired) throw error; // else nobody wants it any more
    });
    runDetached(warming, 'replacing a session', this.context.log);
  }

  private async warm(replica: Replica): Promise<ProcessSession> {
    using _hold = replica.hold();
    const session = await replica.ready();
    await session.prepare(this.asked.tools);
    return session;
  }

  /**
   * Its tools may fail to open: whoever calls one is told, as before. That it has crashed on opening them
   * is a reason to keep the other.
   */
  private async startSuccessor(why: string): Promise<boolean> {
    const replica = this.open('recycling', why);
    using _hold = replica.hold();
    try {
      const session = await replica.ready();
      await Promise.allSettled(this.asked.tools.map(tool => session.prepare([tool])));
    } catch (error) {
      if (!replica.retired) throw error; // else nobody wants it any more
    }
    if (replica.retired) return false;
    if (!replica.isReady) throw new Error('its successor was lost');
    return true;
  }

  private freed(replica: Replica): void {
    this.serve();
    if (this.replicas.includes(replica)) this.recycler.freed(replica);
  }

  private mayExchange(replica: Replica): boolean {
    const { isOneShot, launch } = this.asked;
    const endsAnyway = replica.leases === 0 && (isOneShot || launch.keepaliveMs === 0);
    return !endsAnyway && this.candidates.includes(replica) && this.losses.allowStart;
  }

  private whyTried(): string | undefined {
    return this.losses.isSuspended ? 'one more try' : undefined;
  }

  private assertAvailable(): void {
    if (this.candidates.length === 0 && !this.losses.allowStart) throw this.losses.unavailable();
  }
}

function union(known: readonly ToolSpec[], asked: readonly ToolSpec[]): readonly ToolSpec[] {
  const isKnown = (tool: ToolSpec) => known.some(one => isDeepStrictEqual(one, tool));
  return [...known, ...asked.filter(tool => !isKnown(tool))];
}

function shuttingDown(): GreenroomError {
  return new GreenroomError('pool.closed', 'Greenroom is shutting down');
}

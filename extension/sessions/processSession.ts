import { Emitter } from '../../server/shared/base/event.ts';
import {
  disposeAll,
  toDisposable,
  type DisposableLike,
  type ResourceScope,
} from '../../server/shared/base/disposable.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import { isGreenroomError, type GreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import type { Confinement } from '../../server/shared/protocol/confinement.ts';
import type { CloseReason } from '../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import { toCallRecord, type EndedCall } from './callRecord.ts';
import { endProcess, within } from './endProcess.ts';
import { describeExit } from './exitReason.ts';
import type { HostHold } from './hostHold.ts';
import type { AnnounceSession } from './sessionEvents.ts';
import { sessionEnded } from './sessionEnded.ts';
import type { SessionPolicy } from './sessionPolicy.ts';
import { canCall, canMove, type SessionState } from './sessionState.ts';
import type { UsageWatch } from './usageWatch.ts';
import type { WorkerProcess } from './workerProcess.ts';

/** By what the process is spoken to, as far as its life and its end depend on it. */
export interface SessionChannel {
  /** How it has ended, once it has. */
  readonly ended: { readonly error?: Error | undefined } | undefined;
  /** Fires once. */
  onEnd(listener: (end: { readonly error?: Error | undefined }) => void): DisposableLike;
  /** Asks the process to end by itself. */
  sayBye(): void;
  /** No answer comes any more: whatever waits for one fails with this. */
  fail(error: Error): void;
}

export interface ProcessSessionParts {
  readonly id: string;
  /** Name and version of what it runs on, as it said itself. */
  readonly runtime: string;
  /** The process's, as the machine knows it. */
  readonly pid: number;
  readonly confinement: Confinement;
  readonly process: WorkerProcess;
  readonly hold: HostHold;
  readonly usage: UsageWatch;
  readonly scope: ResourceScope;
  readonly policy: SessionPolicy;
  readonly clock: Clock;
  readonly announce: AnnounceSession;
}

/** One running process, whatever runs in it: it ends in exactly one way, which everyone is told. */
export abstract class ProcessSession<Channel extends SessionChannel = SessionChannel> {
  readonly id: string;
  private current: SessionState = { kind: 'ready' };
  private readonly closedEmitter = new Emitter<CloseReason>();
  private readonly overdueEmitter = new Emitter<void>();
  private readonly eased = new Emitter<void>();
  private tasks = 0;
  private ending: Promise<void> | undefined;
  /** It is being ended without having been asked to. */
  private isLost = false;
  private isHurried = false;

  /** A call that was given up goes on and on: the session should be replaced. */
  readonly onOverdue = this.overdueEmitter.event;
  /** Fires once, when the session can no longer be used. */
  readonly onDidClose = this.closedEmitter.event;

  constructor(
    private readonly life: ProcessSessionParts,
    protected readonly channel: Channel,
  ) {
    const { id, usage, scope, process, runtime, pid, confinement, announce } = life;
    this.id = id;
    scope.own(channel.onEnd(end => void this.explainEnd(end.error)));
    scope.own(usage.onExceeded(reason => this.lose(reason)));
    void process.exited.then(() => this.explainEnd(undefined));
    announce({ kind: 'ready', pid, runtime, confinement });
    // What came right behind the hello may have ended it already.
    if (channel.ended) void this.explainEnd(channel.ended.error);
  }

  /** Does what can be done ahead of need. */
  abstract prepare(tools: readonly ToolSpec[]): Promise<void>;

  /** As it has measured itself when it started. */
  get confinement(): Confinement {
    return this.life.confinement;
  }

  /** Resolves when nothing is left of its process, nor of what that has started; never rejects. */
  get gone(): Promise<void> {
    return this.life.process.gone;
  }

  /** Resident memory at the last look, where the system tells. */
  get residentMb(): number | undefined {
    return this.life.usage.latestMb;
  }

  /** Whether it can be sent something now; it may be about to be known how it ended. */
  get isUsable(): boolean {
    return canCall(this.current) && !this.channel.ended;
  }

  get state(): SessionState {
    return this.current;
  }

  /**
   * Lets what runs finish, within bounds, and ends the process. Resolves when it is gone. At the shutdown
   * nobody is left to take an answer, and there is little time: nothing is let finish any more.
   */
  close(reason: CloseReason): Promise<void> {
    if (reason.kind === 'shutdown') {
      this.isHurried = true;
      this.tellEased();
    }
    this.ending ??= this.drainAndEnd(reason);
    return this.ending;
  }

  /** Somebody waits for it from now on, until {@link endTask}. */
  protected beginTask(): void {
    this.tasks++;
    this.life.usage.setBusy(true);
  }

  protected endTask(): void {
    this.tasks--;
    if (this.tasks > 0) return;
    this.life.usage.setBusy(false);
    this.tellEased();
  }

  /** Whether somebody waits for it whose call may still be answered when it is to end. */
  protected get isAwaited(): boolean {
    return this.tasks > 0;
  }

  /** Listens for everything after which {@link isAwaited} may have changed. */
  protected onEased(listener: () => void): DisposableLike {
    return this.eased.event(listener);
  }

  protected tellEased(): void {
    this.eased.fire();
  }

  protected record(ended: EndedCall): void {
    const { clock, announce } = this.life;
    announce({ kind: 'called', call: toCallRecord(this.id, ended, clock.now()) });
  }

  /** A process that listens may finish what it does for others before it is replaced. */
  protected tellOverdue(): void {
    this.overdueEmitter.fire();
  }

  /**
   * The process must go now, whatever it is doing. What it has said before is heard all the same: a call
   * that had begun must not be made again.
   */
  protected lose(reason: CloseReason): void {
    this.life.process.killTree();
    const finish = () => this.finish(reason, sessionEnded(reason));
    if (this.channel.ended) return finish();
    this.isLost = true;
    this.move({ kind: 'draining', reason });
    void this.heardOut().then(finish);
  }

  private async drainAndEnd(reason: CloseReason): Promise<void> {
    const { clock, policy, process, hold, announce } = this.life;
    if (!this.move({ kind: 'draining', reason })) return;
    hold.holdForGood();
    announce({ kind: 'draining', reason });
    await this.drain();
    try {
      await endProcess(process, () => this.channel.sayBye(), policy.endStepMs, clock);
      await process.gone;
    } finally {
      this.finish(reason, sessionEnded(reason));
    }
  }

  /** Resolves when nobody waits for it any more, or somebody has for long enough. */
  private async drain(): Promise<void> {
    if (!this.mustDrain) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const listening = this.onEased(() => {
      if (!this.mustDrain) resolve();
    });
    await within(this.life.policy.drainMs, promise, this.life.clock);
    listening.dispose();
  }

  private get mustDrain(): boolean {
    return this.isAwaited && !this.isHurried;
  }

  /** Resolves when its channel has ended, behind all that was sent, or does not do so in time. */
  private async heardOut(): Promise<void> {
    const { channel, life } = this;
    if (channel.ended) return;
    const heard = new Promise<void>(resolve => void channel.onEnd(() => resolve()));
    await within(life.policy.endStepMs, heard, life.clock);
  }

  /** The process or its channel has gone by itself; the exit says more than the broken pipe. */
  private async explainEnd(error: Error | undefined): Promise<void> {
    const { process, policy, clock } = this.life;
    if (this.current.kind === 'closed' || this.isLost) return;
    const isViolation = isGreenroomError(error, 'protocol.violation');
    const exit = isViolation ? undefined : await within(policy.endStepMs, process.exited, clock);
    const reason: CloseReason = exit
      ? describeExit(exit, process.errorTail.mostTelling)
      : { kind: 'protocol', detail: error ? messageOf(error) : 'it closed its channel' };
    // A session that ends as it was asked to keeps the reason it was asked with.
    if (this.current.kind === 'draining') {
      const ended = sessionEnded(this.current.reason);
      await this.heardOut();
      this.failCalls(ended);
    } else this.lose(reason);
  }

  private finish(reason: CloseReason, error: GreenroomError): void {
    if (!this.move({ kind: 'closed', reason })) return;
    try {
      disposeAll([toDisposable(() => this.failCalls(error)), this.life.scope]);
    } finally {
      // It is over, whatever could not be given back: whoever waits for that must not wait for ever.
      this.life.announce({ kind: 'closed', reason });
      this.closedEmitter.fire(reason);
    }
  }

  private failCalls(error: GreenroomError): void {
    this.channel.fail(error);
    this.tellEased();
  }

  private move(to: SessionState): boolean {
    if (!canMove(this.current, to)) return false;
    this.current = to;
    return true;
  }
}

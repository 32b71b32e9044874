import { Emitter } from '../../server/shared/base/event.ts';
import type { ResourceScope } from '../../server/shared/base/disposable.ts';
import {
  longestDelayMs,
  type CancelSignal,
  type Clock,
} from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError, messageOf } from '../../server/shared/errors.ts';
import type { Confinement } from '../../server/shared/protocol/confinement.ts';
import type { CloseReason } from '../../server/shared/protocol/events.ts';
import type { Hello } from '../../server/shared/protocol/hello.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { CallOptions, CallTrace } from '../../server/shared/rpc/callOptions.ts';
import type { Connection } from '../../server/shared/rpc/connection.ts';
import type { PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import type { Stuck } from '../../server/shared/rpc/tracedCall.ts';
import { abandonable } from './abandonable.ts';
import { toCallRecord, type EndedCall } from './callRecord.ts';
import { endProcess, within } from './endProcess.ts';
import { describeExit } from './exitReason.ts';
import type { HostHold } from './hostHold.ts';
import type { OpenCall } from './health.ts';
import { HealthWatch } from './healthWatch.ts';
import { isStopped } from './processState.ts';
import type { UsageWatch } from './usageWatch.ts';
import type { AnnounceSession } from './sessionEvents.ts';
import { sessionEnded } from './sessionEnded.ts';
import type { SessionPolicy } from './sessionPolicy.ts';
import { canCall, canMove, type SessionState } from './sessionState.ts';
import { parseToolHandle, type AnyMethod, type AnyRemote, type ToolHandle } from './toolHandle.ts';
import type { WorkerProcess } from './workerProcess.ts';

export interface ToolCall extends Pick<CallOptions, 'signal' | 'deadlineMs' | 'onStart'> {
  readonly tool: ToolSpec;
  readonly method: string;
  readonly args: readonly unknown[];
  /** When the caller began to wait; now, when absent. */
  readonly askedAtMs?: number | undefined;
  /** For people: what the call is about. */
  readonly subject?: string | undefined;
  /** Somebody asks for it now: while sessions only crash, it is made in a process of its own. */
  readonly isInsisted?: boolean | undefined;
  /** It may be made again when its session was lost while it ran. */
  readonly isRepeatable?: boolean | undefined;
}

export interface SessionParts {
  readonly id: string;
  readonly hello: Hello;
  /** The worker's, as the machine knows it. */
  readonly pid: number;
  readonly confinement: Confinement;
  readonly process: WorkerProcess;
  readonly hold: HostHold;
  readonly connection: Connection;
  readonly usage: UsageWatch;
  readonly scope: ResourceScope;
  readonly policy: SessionPolicy;
  readonly clock: Clock;
  readonly announce: AnnounceSession;
  readonly passing: PassingPolicy | undefined;
}

/** One running worker: opens tools, calls them, and ends in exactly one way, which everyone is told. */
export class Session {
  readonly id: string;
  private current: SessionState = { kind: 'ready' };
  private readonly tools = new Map<string, Promise<ToolHandle>>();
  private readonly closedEmitter = new Emitter<CloseReason>();
  private readonly overdueEmitter = new Emitter<void>();
  private readonly drained = new Emitter<void>();
  private readonly health: HealthWatch;
  private callsInFlight = 0;
  private ending: Promise<void> | undefined;
  /** It is being ended without having been asked to. */
  private isLost = false;

  /** A call that was given up goes on and on: the session should be replaced. */
  readonly onOverdue = this.overdueEmitter.event;
  /** Fires once, when the session can no longer be used. */
  readonly onDidClose = this.closedEmitter.event;

  constructor(private readonly parts: SessionParts) {
    const { id, connection, usage, scope, process, hello, pid, policy, clock } = parts;
    this.id = id;
    scope.own(connection.onStuck(how => this.handleStuck(how)));
    scope.own(connection.onEnd(end => void this.explainEnd(end.error)));
    this.health = scope.own(
      new HealthWatch(
        policy.health,
        clock,
        () => connection.framesReceived,
        () => isStopped(pid),
      ),
    );
    scope.own(this.health.onStuck(() => this.lose({ kind: 'stuck' })));
    scope.own(this.health.onSlow(call => this.tellSlow(call)));
    scope.own(usage.onExceeded(reason => this.lose(reason)));
    void process.exited.then(() => this.explainEnd(undefined));
    scope.own(
      connection.onSettled(({ name: method, sentAtMs: askedAtMs, ...end }) =>
        this.record({ tool: 'module', method, askedAtMs, ...end }),
      ),
    );
    parts.announce({
      kind: 'ready',
      pid,
      runtime: `${hello.runtime} ${hello.runtimeVersion}`,
      confinement: parts.confinement,
    });
    // What came right behind the hello may have ended the connection already.
    if (connection.ended) void this.explainEnd(connection.ended.error);
  }

  /** For callers who load modules of their own. */
  get connection(): Connection {
    return this.parts.connection;
  }

  /** As it has measured itself when it started. */
  get confinement(): Confinement {
    return this.parts.confinement;
  }

  /** How objects cross; their nature alone decides when absent. */
  get passing(): PassingPolicy | undefined {
    return this.parts.passing;
  }

  /** Resolves when nothing is left of its process, nor of what that has started; never rejects. */
  get gone(): Promise<void> {
    return this.parts.process.gone;
  }

  /** Has every later call ask first why it may not be made. */
  guard(whyNot: () => Error | undefined): void {
    this.parts.connection.guard(whyNot);
  }

  /** Resident memory at the last look, where the system tells. */
  get residentMb(): number | undefined {
    return this.parts.usage.latestMb;
  }

  /** Whether it can be sent something now; it may be about to be known how it ended. */
  get isUsable(): boolean {
    return canCall(this.current) && !this.parts.connection.ended;
  }

  get state(): SessionState {
    return this.current;
  }

  /** Opens a tool, or answers with the one that is open already. A failed opening is tried anew. */
  openTool(spec: ToolSpec, signal?: CancelSignal, deadlineMs?: number): Promise<ToolHandle> {
    const { policy } = this.parts;
    const key = JSON.stringify(spec);
    let opening = this.tools.get(key);
    if (!opening) {
      // Others may wait for it longer than whoever asks first.
      opening = this.requestTool(spec, Math.max(deadlineMs ?? 0, policy.openToolTimeoutMs));
      this.tools.set(key, opening);
      opening.catch(() => this.tools.delete(key));
    }
    const wanted = abandonable(opening, signal, 'opening the tool was cancelled');
    return this.beforeDeadline(wanted, spec, deadlineMs);
  }

  /** Calls a method of a tool and announces how it went. */
  async call({
    tool,
    method,
    args,
    signal,
    deadlineMs,
    onStart,
    askedAtMs,
    subject,
  }: ToolCall): Promise<unknown> {
    const { clock } = this.parts;
    const asked = askedAtMs ?? clock.now();
    let trace: CallTrace | undefined;
    const record = (error?: unknown) =>
      this.record({ tool: tool.name, method, askedAtMs: asked, trace, error, subject });
    try {
      const value = await this.whileBusy(async () => {
        const begunAtMs = clock.now();
        const { remote } = await this.openTool(tool, signal, deadlineMs);
        const onTrace = (told: CallTrace) => (trace = told);
        const leftMs = deadlineMs && Math.max(0, deadlineMs - Math.floor(clock.now() - begunAtMs));
        const options = { signal, deadlineMs: leftMs, onStart, onTrace };
        return await this.follow(`${tool.name}.${method}`, options, remote[method]!, args);
      });
      record();
      return value;
    } catch (error) {
      record(error);
      throw error;
    }
  }

  /** Lets calls in flight finish, within bounds, and ends the process. Resolves when it is gone. */
  close(reason: CloseReason): Promise<void> {
    this.ending ??= this.drainAndEnd(reason);
    return this.ending;
  }

  private async beforeDeadline(
    opening: Promise<ToolHandle>,
    { name }: ToolSpec,
    deadlineMs = Infinity,
  ): Promise<ToolHandle> {
    if (deadlineMs > longestDelayMs) return opening;
    const handle = await within(deadlineMs, opening, this.parts.clock);
    if (handle) return handle;
    throw new GreenroomError('call.deadline', `'${name}.open' took longer than ${deadlineMs} ms`);
  }

  private async requestTool(spec: ToolSpec, deadlineMs: number): Promise<ToolHandle> {
    const { clock, connection, announce } = this.parts;
    const startedAtMs = clock.now();
    const root = connection.root as AnyRemote;
    const raw = await this.whileBusy(() =>
      this.follow(`${spec.name}.open`, { deadlineMs }, root['openTool']!, [spec]),
    );
    const handle = parseToolHandle(raw);
    const { opened } = handle;
    announce({ kind: 'toolOpened', tool: opened.info, tookMs: clock.now() - startedAtMs });
    return handle;
  }

  /** Makes a call whose signs of life are watched for. */
  private async follow(
    name: string,
    options: CallOptions,
    method: AnyMethod,
    args: readonly unknown[],
  ): Promise<unknown> {
    const { started, ended, givenUp } = this.health.sent(name);
    const isSent = options.signal?.aborted !== true;
    const onStart = () => {
      started();
      options.onStart?.();
    };
    try {
      const value = await method.with({ ...options, onStart, isUnrecorded: true })(...args);
      ended();
      return value;
    } catch (error) {
      if (isSent && isGreenroomError(error, 'call.cancelled', 'call.deadline')) givenUp();
      else ended();
      throw error;
    }
  }

  private record(ended: EndedCall): void {
    const { clock, announce } = this.parts;
    announce({ kind: 'called', call: toCallRecord(this.id, ended, clock.now()) });
  }

  private tellSlow({ name, startedAtMs }: OpenCall): void {
    const seconds = Math.round((this.parts.clock.now() - (startedAtMs ?? 0)) / 1_000);
    this.parts.announce({ kind: 'slow', detail: `${name}, ${seconds} s` });
  }

  private async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isUsable) throw notReady(this.current);
    this.callsInFlight++;
    this.parts.usage.setBusy(true);
    try {
      return await work();
    } finally {
      this.callsInFlight--;
      if (this.callsInFlight === 0) {
        this.parts.usage.setBusy(false);
        this.drained.fire();
      }
    }
  }

  private async drainAndEnd(reason: CloseReason): Promise<void> {
    const { clock, policy, process, hold, connection, announce } = this.parts;
    if (!this.move({ kind: 'draining', reason })) return;
    hold.holdForGood();
    announce({ kind: 'draining', reason });
    // At the shutdown nobody is left to take an answer, and little time.
    if (this.callsInFlight > 0 && reason.kind !== 'shutdown') {
      await within(
        policy.drainMs,
        new Promise<void>(resolve => this.drained.event(resolve)),
        clock,
      );
    }
    try {
      await endProcess(process, () => connection.sayBye(), policy.endStepMs, clock);
      await process.gone;
    } finally {
      this.finish(reason, sessionEnded(reason));
    }
  }

  /** A process that listens may finish what it does for others; one that does not must go now. */
  private handleStuck(how: Stuck): void {
    if (how === 'blocked') this.lose({ kind: 'stuck' });
    else this.overdueEmitter.fire();
  }

  /**
   * The process must go now, whatever it is doing. What it has said before is heard all the same: a call
   * that had begun must not be made again.
   */
  private lose(reason: CloseReason): void {
    const { process, connection } = this.parts;
    process.killTree();
    const finish = () => this.finish(reason, sessionEnded(reason));
    if (connection.ended) return finish();
    this.isLost = true;
    this.move({ kind: 'draining', reason });
    void this.heardOut().then(finish);
  }

  /** Resolves when its channel has ended, behind all that was sent, or does not do so in time. */
  private async heardOut(): Promise<void> {
    const { connection, policy, clock } = this.parts;
    if (connection.ended) return;
    const heard = new Promise<void>(resolve => void connection.onEnd(() => resolve()));
    await within(policy.endStepMs, heard, clock);
  }

  /** The process or its channel has gone by itself; the exit says more than the broken pipe. */
  private async explainEnd(error: Error | undefined): Promise<void> {
    const { process, policy, clock } = this.parts;
    if (this.current.kind === 'closed' || this.isLost) return;
    const isViolation = isGreenroomError(error, 'protocol.violation');
    const exit = isViolation ? undefined : await within(policy.endStepMs, process.exited, clock);
    const reason: CloseReason = exit
      ? describeExit(exit, process.errorTail.mostTelling)
      : { kind: 'protocol', detail: error ? messageOf(error) : 'it closed its channel' };
    // A session that ends as it was asked to keeps the reason it was asked with.
    if (this.current.kind === 'draining') {
      const error = sessionEnded(this.current.reason);
      await this.heardOut();
      this.parts.connection.fail(error);
    } else this.lose(reason);
  }

  private finish(reason: CloseReason, error: GreenroomError): void {
    if (!this.move({ kind: 'closed', reason })) return;
    this.parts.connection.fail(error);
    this.parts.scope.dispose();
    this.parts.announce({ kind: 'closed', reason });
    this.closedEmitter.fire(reason);
  }

  private move(to: SessionState): boolean {
    if (!canMove(this.current, to)) return false;
    this.current = to;
    return true;
  }
}

function notReady(state: SessionState): GreenroomError {
  return new GreenroomError('call.notStarted', `the session was ${state.kind} and takes no calls`);
}

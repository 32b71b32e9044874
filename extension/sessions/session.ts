import { Emitter } from '../../server/shared/base/event.ts';
import type { ResourceScope } from '../../server/shared/base/disposable.ts';
import type { CancelSignal, Clock } from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError, messageOf } from '../../server/shared/errors.ts';
import type { CallOutcome, CloseReason } from '../../server/shared/protocol/events.ts';
import type { Hello } from '../../server/shared/protocol/hello.ts';
import {
  parseOpenedTool,
  type OpenedTool,
  type ToolSpec,
} from '../../server/shared/protocol/worker.ts';
import type { CallOptions, CallTrace } from '../../server/shared/rpc/callOptions.ts';
import type { Connection } from '../../server/shared/rpc/connection.ts';
import type { PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import type { Stuck } from '../../server/shared/rpc/tracedCall.ts';
import { isRemote } from '../../server/shared/rpc/remoteObject.ts';
import { violation } from '../../server/shared/protocol/violation.ts';
import { abandonable } from './abandonable.ts';
import { divideTimes } from './callTimes.ts';
import { endProcess, within } from './endProcess.ts';
import { describeExit } from './exitReason.ts';
import type { MemoryWatch } from './memoryWatch.ts';
import type { AnnounceSession } from './sessionEvents.ts';
import type { SessionPolicy } from './sessionPolicy.ts';
import { canCall, canMove, type SessionState } from './sessionState.ts';
import type { WorkerProcess } from './workerProcess.ts';

/** Something on the other side whose members are known only to whoever calls them. */
export type AnyRemote = Readonly<Record<string, AnyMethod>>;

interface AnyMethod {
  (...args: readonly unknown[]): PromiseLike<unknown>;
  with(options: CallOptions): AnyMethod;
}

/** A tool in a session, opened once and used by everyone who shares the session. */
export interface ToolHandle {
  readonly remote: AnyRemote;
  readonly opened: OpenedTool;
}

export interface ToolCall extends Pick<CallOptions, 'signal' | 'deadlineMs'> {
  readonly tool: ToolSpec;
  readonly method: string;
  readonly args: readonly unknown[];
  /** When the caller began to wait; now, when absent. */
  readonly askedAtMs?: number | undefined;
  /** For people: what the call is about. */
  readonly subject?: string | undefined;
}

export interface SessionParts {
  readonly id: string;
  readonly hello: Hello;
  readonly process: WorkerProcess;
  readonly connection: Connection;
  readonly memory: MemoryWatch;
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
  private callsInFlight = 0;
  private ending: Promise<void> | undefined;

  /** A call that was given up goes on and on: the session should be replaced. */
  readonly onOverdue = this.overdueEmitter.event;
  /** Fires once, when the session can no longer be used. */
  readonly onDidClose = this.closedEmitter.event;

  constructor(private readonly parts: SessionParts) {
    const { id, connection, memory, scope, process, hello } = parts;
    this.id = id;
    scope.own(connection.onStuck(how => this.handleStuck(how)));
    scope.own(connection.onEnd(end => void this.explainEnd(end.error)));
    scope.own(memory.onExceeded(detail => this.lose({ kind: 'memory', detail })));
    void process.exited.then(() => this.explainEnd(undefined));
    parts.announce({
      kind: 'ready',
      pid: process.pid ?? hello.pid,
      runtime: `${hello.runtime} ${hello.runtimeVersion}`,
    });
    // What came right behind the hello may have ended the connection already.
    if (connection.ended) void this.explainEnd(connection.ended.error);
  }

  /** For callers who load modules of their own. */
  get connection(): Connection {
    return this.parts.connection;
  }

  /** How objects cross; their nature alone decides when absent. */
  get passing(): PassingPolicy | undefined {
    return this.parts.passing;
  }

  /** Has every later call ask first why it may not be made. */
  guard(whyNot: () => Error | undefined): void {
    this.parts.connection.guard(whyNot);
  }

  get state(): SessionState {
    return this.current;
  }

  /** Opens a tool, or answers with the one that is open already. A failed opening is tried anew. */
  openTool(
    spec: ToolSpec,
    signal?: CancelSignal,
    deadlineMs = this.parts.policy.openToolTimeoutMs,
  ): Promise<ToolHandle> {
    const key = JSON.stringify(spec);
    let opening = this.tools.get(key);
    if (!opening) {
      opening = this.requestTool(spec, deadlineMs);
      this.tools.set(key, opening);
      opening.catch(() => this.tools.delete(key));
    }
    return abandonable(opening, signal, 'opening the tool was cancelled');
  }

  /** Calls a method of a tool and announces how it went. */
  async call({
    tool,
    method,
    args,
    signal,
    deadlineMs,
    askedAtMs,
    subject,
  }: ToolCall): Promise<unknown> {
    const { clock, announce } = this.parts;
    const asked = askedAtMs ?? clock.now();
    let trace: CallTrace | undefined;
    const record = (outcome: CallOutcome, error?: string) =>
      announce({
        kind: 'called',
        call: {
          session: this.id,
          tool: tool.name,
          method,
          askedAtMs: asked,
          ...divideTimes(asked, clock.now(), trace),
          requestBytes: trace?.requestBytes ?? 0,
          replyBytes: trace?.replyBytes ?? 0,
          outcome,
          ...(subject !== undefined && { subject }),
          ...(error !== undefined && { error }),
        },
      });
    try {
      const value = await this.whileBusy(async () => {
        const { remote } = await this.openTool(tool, signal, deadlineMs);
        const onTrace = (told: CallTrace) => (trace = told);
        return await remote[method]!.with({ signal, deadlineMs, onTrace })(...args);
      });
      record('ok');
      return value;
    } catch (error) {
      record(outcomeOf(error), messageOf(error));
      throw error;
    }
  }

  /** Lets calls in flight finish, within bounds, and ends the process. Resolves when it is gone. */
  close(reason: CloseReason): Promise<void> {
    this.ending ??= this.drainAndEnd(reason);
    return this.ending;
  }

  private async requestTool(spec: ToolSpec, deadlineMs: number): Promise<ToolHandle> {
    const { clock, connection, announce } = this.parts;
    const startedAtMs = clock.now();
    const root = connection.root as AnyRemote;
    const raw = await this.whileBusy(async () => root['openTool']!.with({ deadlineMs })(spec));
    const { opened, remote } = parseOpening(raw);
    announce({ kind: 'toolOpened', tool: opened.info, tookMs: clock.now() - startedAtMs });
    return { remote, opened };
  }

  private async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    if (!canCall(this.current) || this.parts.connection.ended) throw notReady(this.current);
    this.callsInFlight++;
    this.parts.memory.setBusy(true);
    try {
      return await work();
    } finally {
      this.callsInFlight--;
      if (this.callsInFlight === 0) {
        this.parts.memory.setBusy(false);
        this.drained.fire();
      }
    }
  }

  private async drainAndEnd(reason: CloseReason): Promise<void> {
    const { clock, policy, process, connection, announce } = this.parts;
    if (!this.move({ kind: 'draining', reason })) return;
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
    } finally {
      this.finish(reason, sessionEnded(reason));
    }
  }

  /** A process that listens may finish what it does for others; one that does not must go now. */
  private handleStuck(how: Stuck): void {
    if (how === 'blocked') this.lose({ kind: 'stuck' });
    else this.overdueEmitter.fire();
  }

  /** The process must go now, whatever it is doing. */
  private lose(reason: CloseReason): void {
    this.parts.process.killTree();
    this.finish(reason, sessionEnded(reason));
  }

  /** The process or its channel has gone by itself; the exit says more than the broken pipe. */
  private async explainEnd(error: Error | undefined): Promise<void> {
    const { process, policy, clock } = this.parts;
    if (this.current.kind === 'closed') return;
    const isViolation = isGreenroomError(error, 'protocol.violation');
    const exit = isViolation ? undefined : await within(policy.endStepMs, process.exited, clock);
    const reason: CloseReason = exit
      ? describeExit(exit, process.errorTail.mostTelling)
      : { kind: 'protocol', detail: error ? messageOf(error) : 'it closed its channel' };
    // A session that ends as it was asked to keeps the reason it was asked with.
    if (this.current.kind === 'draining') {
      this.parts.connection.fail(sessionEnded(this.current.reason));
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

/** The worker is not trusted with more than it was asked for. */
function parseOpening(raw: unknown): { opened: OpenedTool; remote: AnyRemote } {
  const { opened, tool } = (raw ?? {}) as { opened?: unknown; tool?: unknown };
  if (!isRemote(tool)) throw violation('a tool that was opened has no reference');
  return { opened: parseOpenedTool(opened), remote: tool as AnyRemote };
}

function outcomeOf(error: unknown): CallOutcome {
  if (isGreenroomError(error, 'call.cancelled')) return 'cancelled';
  if (isGreenroomError(error, 'call.deadline')) return 'deadline';
  if (isGreenroomError(error, 'session.lost', 'session.closed', 'call.notStarted')) return 'lost';
  return 'failed';
}

function notReady(state: SessionState): GreenroomError {
  return new GreenroomError('call.notStarted', `the session was ${state.kind} and takes no calls`);
}

function sessionEnded(reason: CloseReason): GreenroomError {
  const detail = reason.detail === undefined ? '' : `: ${reason.detail}`;
  switch (reason.kind) {
    case 'idle':
    case 'requested':
    case 'shutdown':
    case 'stale':
      return new GreenroomError('session.closed', `the session was closed${detail}`);
    case 'stuck':
      return new GreenroomError('session.lost', 'the session did not answer and was ended');
    case 'memory':
      return new GreenroomError('session.lost', `the session was ended${detail}`);
    case 'exited':
    case 'launchFailed':
    case 'protocol':
      return new GreenroomError('session.lost', `the session ended unexpectedly${detail}`);
  }
}

import { ResourceScope, type DisposableLike } from '../../server/shared/base/disposable.ts';
import type { Event } from '../../server/shared/base/event.ts';
import { longestDelayMs, type CancelSignal } from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError } from '../../server/shared/errors.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { CallOptions, CallTrace } from '../../server/shared/rpc/callOptions.ts';
import type { Connection } from '../../server/shared/rpc/connection.ts';
import type { PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import type { Stuck } from '../../server/shared/rpc/tracedCall.ts';
import { abandonable } from './abandonable.ts';
import { within } from './endProcess.ts';
import type { OpenCall } from './health.ts';
import { HealthWatch } from './healthWatch.ts';
import { ProcessSession, type ProcessSessionParts } from './processSession.ts';
import { isStopped } from './processState.ts';
import type { SessionState } from './sessionState.ts';
import { parseToolHandle, type AnyMethod, type AnyRemote, type ToolHandle } from './toolHandle.ts';

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

export interface SessionParts extends ProcessSessionParts {
  readonly connection: Connection;
  readonly passing: PassingPolicy | undefined;
  /** Fires with every frame of the worker, once the connection has read it. */
  readonly onFrame: Event<unknown>;
}

/** One running worker of ours: opens tools, and calls them. */
export class Session extends ProcessSession<Connection> {
  private readonly tools = new Map<string, Promise<ToolHandle>>();
  private readonly health: HealthWatch;
  /** None of the calls of modules is waited for. */
  private hasDroppedCalls = false;

  constructor(private readonly parts: SessionParts) {
    super(parts, parts.connection);
    const { connection, scope, pid, policy, clock } = parts;
    scope.own(connection.onStuck(how => this.handleStuck(how)));
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
    scope.own(
      connection.onSettled(({ name: method, sentAtMs: askedAtMs, ...end }) =>
        this.record({ tool: 'module', method, askedAtMs, ...end }),
      ),
    );
  }

  /** For callers who load modules of their own. */
  get connection(): Connection {
    return this.channel;
  }

  /** How objects cross; their nature alone decides when absent. */
  get passing(): PassingPolicy | undefined {
    return this.parts.passing;
  }

  /** Has every later call ask first why it may not be made. */
  guard(whyNot: () => Error | undefined): void {
    this.channel.guard(whyNot);
  }

  /** Calls of modules that are under way do not delay its end any more. */
  dropCalls(): void {
    this.hasDroppedCalls = true;
    this.tellEased();
  }

  /** Opens the tools; throws what keeps one from being opened. */
  async prepare(tools: readonly ToolSpec[]): Promise<void> {
    await Promise.all(tools.map(tool => this.openTool(tool)));
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

  protected override get isAwaited(): boolean {
    if (super.isAwaited) return true;
    return !this.hasDroppedCalls && this.channel.awaitsCalls;
  }

  protected override onEased(listener: () => void): DisposableLike {
    const { connection, onFrame } = this.parts;
    const scope = new ResourceScope();
    scope.own(super.onEased(listener));
    scope.own(onFrame(listener));
    scope.own(connection.onStuck(listener));
    return scope;
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

  private tellSlow({ name, startedAtMs }: OpenCall): void {
    const seconds = Math.round((this.parts.clock.now() - (startedAtMs ?? 0)) / 1_000);
    this.parts.announce({ kind: 'slow', detail: `${name}, ${seconds} s` });
  }

  private async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isUsable) throw notReady(this.state);
    this.beginTask();
    try {
      return await work();
    } finally {
      this.endTask();
    }
  }

  /** A process that listens may finish what it does for others; one that does not must go now. */
  private handleStuck(how: Stuck): void {
    if (how === 'blocked') return this.lose({ kind: 'stuck' });
    this.tellOverdue();
  }
}

function notReady(state: SessionState): GreenroomError {
  return new GreenroomError('call.notStarted', `the session was ${state.kind} and takes no calls`);
}

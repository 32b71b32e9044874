import { createLog } from '../../extension/log/log.ts';
import type { Lease } from '../../extension/sessions/pool/lease.ts';
import { defaultPoolPolicy, type PoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import { Replica } from '../../extension/sessions/pool/replica.ts';
import type { ReplicaStart } from '../../extension/sessions/pool/replicaSet.ts';
import { SessionGroup, type Slot } from '../../extension/sessions/pool/sessionGroup.ts';
import type { SessionRequest } from '../../extension/sessions/pool/sessionRequest.ts';
import type { Patience } from '../../extension/sessions/pool/waitingLine.ts';
import type { ProcessSession } from '../../extension/sessions/processSession.ts';
import type { Session } from '../../extension/sessions/session.ts';
import type { SessionState } from '../../extension/sessions/sessionState.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import type { CancelSignal, Platform } from '../../server/shared/base/platform.ts';
import type { CloseReason, LaunchCause } from '../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import { manualPlatform } from './manualPlatform.ts';
import { prettierSpec, sessionRequest } from './sessions.ts';

/** Stands where a session would be, and ends when it is told to. */
class FakeSession {
  readonly residentMb = 500;
  readonly gone = Promise.resolve();
  /** Of the tools it was asked to open. */
  readonly opened: string[] = [];
  /** Its channel has broken, and its end is not known yet. */
  isDying = false;
  state: SessionState = { kind: 'ready' };
  private readonly closed = new Emitter<CloseReason>();
  private readonly overdue = new Emitter<void>();
  readonly onDidClose = this.closed.event;
  readonly onOverdue = this.overdue.event;

  get isUsable(): boolean {
    return this.state.kind === 'ready' && !this.isDying;
  }

  /** `broken` is a tool that cannot be opened. */
  prepare(tools: readonly ToolSpec[]): Promise<void> {
    const names = tools.map(({ name }) => name);
    this.opened.push(...names);
    return names.includes('broken') ? Promise.reject(new Error('not there')) : Promise.resolve();
  }

  close(reason: CloseReason): Promise<void> {
    this.end(reason);
    return Promise.resolve();
  }

  end(reason: CloseReason): void {
    if (this.state.kind === 'closed') return;
    this.state = { kind: 'closed', reason };
    this.closed.fire(reason);
  }
}

/** One start of a session, which goes as the test says. */
class FakeLaunch {
  readonly session = new FakeSession() as unknown as FakeSession & Session;
  readonly outcome = Promise.withResolvers<Session>();
  readonly replica: Replica;

  constructor(id: string, { request, onIdle, onFreed }: ReplicaStart, context: FakeContext) {
    const start = (signal: CancelSignal) => {
      signal.addEventListener('abort', () => this.outcome.reject(new Error('given up')));
      return this.outcome.promise;
    };
    const replica: Replica = new Replica(id, start, {
      platform: context.platform,
      keepaliveMs: request.launch.keepaliveMs,
      announce: () => undefined,
      onIdle: () => onIdle(replica),
      onFreed: () => onFreed(replica),
    });
    this.replica = replica;
    this.session.onDidClose(reason => context.reasons.push(reason.kind));
  }

  async ready(): Promise<void> {
    this.outcome.resolve(this.session);
    await settled();
  }

  async fail(error: Error): Promise<void> {
    this.outcome.reject(error);
    await settled();
  }
}

interface FakeContext {
  readonly platform: Platform;
  readonly reasons: string[];
}

type Wishes = Partial<PoolPolicy> &
  Pick<SessionRequest, 'replicas' | 'isOneShot'> & {
    readonly keepaliveMs?: number;
    readonly tools?: readonly string[];
  };

/** A group on a clock of the test's, whose sessions start and end when the test says so. */
export class FakeGroup implements AsyncDisposable {
  readonly platform = manualPlatform();
  /** How sessions have ended. */
  readonly reasons: string[] = [];
  /** What sessions were started for. */
  readonly causes: LaunchCause[] = [];
  readonly details: (string | undefined)[] = [];
  readonly suspended: string[] = [];
  readonly resumed: string[] = [];
  readonly warnings: string[] = [];
  isForgotten = false;
  readonly request: SessionRequest;
  readonly group: SessionGroup;
  private readonly launches: FakeLaunch[] = [];

  constructor({ keepaliveMs = 60_000, tools = [], replicas, isOneShot, ...policy }: Wishes = {}) {
    this.request = {
      ...sessionRequest({ keepaliveMs, tools: tools.map(toolNamed) }),
      ...(replicas && { replicas }),
      ...(isOneShot !== undefined && { isOneShot }),
    };
    this.group = new SessionGroup(this.request, {
      platform: this.platform,
      policy: () => ({ ...defaultPoolPolicy, ...policy }),
      log: createLog((level, line) => level === 'warn' && this.warnings.push(line)),
      open: start => this.open(start),
      onEnding: end => void end.catch(() => undefined),
      onProven: () => undefined,
      onSuspended: id => this.suspended.push(id),
      onResumed: id => this.resumed.push(id),
      onEmpty: () => (this.isForgotten = true),
    });
  }

  get clock() {
    return this.platform.clock;
  }

  /** The n-th start, from 0 on. */
  launched(n: number): FakeLaunch {
    const launch = this.launches[n];
    if (!launch) throw new Error(`there were ${this.launches.length} starts`);
    return launch;
  }

  /** Has the first session, and nobody uses it. */
  async begin(): Promise<void> {
    const leasing = this.acquire();
    await this.launched(0).ready();
    (await leasing)!.release();
  }

  acquire(signal?: AbortSignal): Promise<Lease<ProcessSession> | undefined> {
    return looked(this.group.acquire(signal, 0));
  }

  slot(patience: Patience = {}): Promise<Slot> {
    return looked(this.group.slot(patience));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.group.closeAll({ kind: 'shutdown' });
  }

  private open(start: ReplicaStart): Replica {
    this.causes.push(start.cause);
    this.details.push(start.detail);
    const launch = new FakeLaunch(`s${this.launches.length}`, start, this);
    this.launches.push(launch);
    return launch.replica;
  }
}

export function toolNamed(name: string): ToolSpec {
  return prettierSpec('/', 3, { name });
}

/** The test looks at it later. */
function looked<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Resolves when everything that was about to happen has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
}

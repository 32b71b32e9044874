import { Emitter } from '../../../server/shared/base/event.ts';
import type { CancelSignal, Platform } from '../../../server/shared/base/platform.ts';
import { GreenroomError } from '../../../server/shared/errors.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type {
  CloseReason,
  LaunchCause,
  SessionEvent,
} from '../../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { LaunchSpec } from '../launchSpec.ts';
import { SegmentFolders } from '../segmentFolders.ts';
import type { ProcessSession } from '../processSession.ts';
import type { ServerSession } from '../servers/serverSession.ts';
import type { Session, ToolCall } from '../session.ts';
import type { SessionNews } from '../sessionEvents.ts';
import type { ShareKey } from '../shareKey.ts';
import { launchLogged } from './launchLogged.ts';
import type { Lease } from './lease.ts';
import type { PoolPolicy } from './poolPolicy.ts';
import { Replica } from './replica.ts';
import type { ReplicaStart } from './replicaSet.ts';
import { SessionGroup } from './sessionGroup.ts';
import type { SessionRequest } from './sessionRequest.ts';
import { Spares } from './spares.ts';
import { ToolCalls } from './toolCalls.ts';

export type { SessionRequest } from './sessionRequest.ts';

export interface SessionInfo {
  readonly id: string;
  readonly key: ShareKey;
  readonly label: string;
  readonly tools: readonly ToolSpec[];
}

/** No session of this kind is started for a while, because they only get lost. */
export interface Suspension {
  readonly request: SessionRequest;
  readonly detail: string;
}

export interface PoolOptions {
  readonly platform: Platform;
  readonly policy: PoolPolicy;
  readonly log: Log;
  /** Where large bytes cross; the machine's shared memory if absent. */
  readonly segmentFolders?: SegmentFolders;
}

/** Sessions by share key: started once, leased by many, kept warm, replaced when lost, ended in order. */
export class SessionPool {
  private readonly groups = new Map<ShareKey, SessionGroup>();
  private readonly ending = new Set<Promise<void>>();
  private readonly events: Emitter<SessionEvent>;
  private readonly suspensions = new Emitter<Suspension>();
  private readonly segmentFolders: SegmentFolders;
  private readonly spares: Spares;
  private readonly calls: ToolCalls;
  private policy: PoolPolicy;
  private nextId = 1;
  private isClosed = false;

  /** Everything that happens to any session, in order. */
  readonly onEvent;
  readonly onSuspended = this.suspensions.event;

  constructor(private readonly options: PoolOptions) {
    this.events = new Emitter(error =>
      options.log.error('a listener of session events failed', { error: messageOf(error) }),
    );
    this.onEvent = this.events.event;
    this.policy = options.policy;
    this.segmentFolders = options.segmentFolders ?? new SegmentFolders();
    this.calls = new ToolCalls({
      clock: options.platform.clock,
      groupFor: request => this.groupFor(request),
      isSuspended: key => this.groups.get(key)?.isSuspended === true,
      isClosed: () => this.isClosed,
      announce: (id, news) => this.announce(id, news),
    });
    this.spares = new Spares((id, launch, signal) => this.launch(id, launch, signal), {
      platform: options.platform,
      log: options.log,
      nextId: () => this.newId(),
      announce: (id, news) => this.announce(id, news),
      onEnding: end => this.remember(end),
    });
  }

  get sessions(): readonly SessionInfo[] {
    return [...this.groups.values()].flatMap(({ request, replicas }) =>
      replicas.map(({ id }) => ({ id, ...request })),
    );
  }

  /** What holds from now on; sessions that run keep the times they were started with. */
  setPolicy(policy: PoolPolicy): void {
    this.policy = policy;
  }

  /**
   * Leases a session of this key, started if need be: the one with least to do. Throws
   * `session.conflict`, `session.launch`, `session.unavailable`, `pool.closed` or `call.cancelled`. The
   * lease must be released.
   */
  async acquire(request: SessionRequest, signal?: CancelSignal): Promise<Lease> {
    return (await this.lease(request, signal)) as Lease; // what is launched is a worker of ours
  }

  /** As {@link acquire}, for a request whose launch names a server. */
  async acquireServer(
    request: SessionRequest,
    signal?: CancelSignal,
  ): Promise<Lease<ServerSession>> {
    return (await this.lease(request, signal)) as Lease<ServerSession>;
  }

  /**
   * Makes one call in whichever session of the key has a place for it. Waiting counts to its deadline. A
   * call whose session was lost before it had started there is made on the successor; one that had
   * started, only if it may be repeated. Throws `queue.full` when too many wait already.
   */
  call(request: SessionRequest, call: ToolCall): Promise<unknown> {
    return this.calls.make(request, call);
  }

  /** Starts the sessions and opens their tools, unless that was done. They expire like any other. */
  async prewarm(request: SessionRequest, cause: LaunchCause = 'prewarm'): Promise<Session> {
    return (await this.groupFor(request).prewarm(cause)) as Session; // as with acquire
  }

  /** Ends the session and starts another in its place; its tools are opened again. */
  async restart(id: string, reason: CloseReason = { kind: 'requested' }): Promise<void> {
    if (this.spares.close(id, reason)) return; // whoever works next brings another
    const { group, replica } = this.find(id);
    if (reason.kind === 'stale') this.spares.endLike(group.request.launch, reason);
    await group.restart(replica, reason);
  }

  /** Tries again at once what is suspended. */
  async resume(request: SessionRequest): Promise<void> {
    const group = this.groupFor(request);
    group.forgive();
    await group.prewarm('restart');
  }

  /** Calls in flight may finish, within bounds. Resolves when the process is gone. */
  async close(id: string, reason: CloseReason = { kind: 'requested' }): Promise<void> {
    if (this.spares.close(id, reason)) return;
    const { group, replica } = this.find(id);
    return group.close(replica, reason);
  }

  /** Ends all that is or is about to be under the key, and whatever would follow it. */
  async end(key: ShareKey, reason: CloseReason = { kind: 'requested' }): Promise<void> {
    await this.groups.get(key)?.closeAll(reason, true);
  }

  closeAll(reason: CloseReason = { kind: 'requested' }): Promise<void> {
    return this.closeGroups(reason, false);
  }

  /** Everything is to run under other options from now on: calls that wait were made under these. */
  replaceAll(reason: CloseReason): Promise<void> {
    return this.closeGroups(reason, true);
  }

  /** Ends every session for good; resolves when the last process is gone. */
  async shutDown(): Promise<void> {
    this.isClosed = true;
    try {
      await this.closeAll({ kind: 'shutdown' });
    } finally {
      await Promise.allSettled(this.ending); // one that cannot be ended does not spare the others
      this.segmentFolders.dispose();
    }
  }

  private async lease(
    request: SessionRequest,
    signal: CancelSignal | undefined,
  ): Promise<Lease<ProcessSession>> {
    const askedAtMs = this.options.platform.clock.now();
    for (;;) {
      const lease = await this.groupFor(request).acquire(signal, askedAtMs);
      if (lease) return lease;
    }
  }

  private async closeGroups(reason: CloseReason, failsWaiting: boolean): Promise<void> {
    this.spares.endAll(reason);
    const ends = [...this.groups.values()].map(group => group.closeAll(reason, failsWaiting));
    await Promise.all(ends);
  }

  private groupFor(request: SessionRequest): SessionGroup {
    if (this.isClosed) throw new GreenroomError('pool.closed', 'Greenroom is shutting down');
    const { key } = request;
    let group = this.groups.get(key);
    if (group) group.expect(request);
    else {
      group = this.createGroup(request);
      this.groups.set(key, group);
    }
    return group;
  }

  private createGroup(request: SessionRequest): SessionGroup {
    const { platform, log } = this.options;
    for (const other of this.groups.values()) other.leaveIfEmpty();
    this.endOtherVersions(request);
    const group: SessionGroup = new SessionGroup(request, {
      platform,
      policy: () => this.policy,
      log,
      open: start => this.open(start),
      onEnding: end => this.remember(end),
      onProven: ({ launch }) => this.keepSpare(launch),
      onSuspended: (id, detail) => {
        this.announce(id, { kind: 'suspended', detail });
        this.suspensions.fire({ request: group.request, detail });
      },
      onResumed: id => this.announce(id, { kind: 'resumed' }),
      onEmpty: () => {
        if (this.groups.get(request.key) === group) this.groups.delete(request.key);
      },
    });
    return group;
  }

  /** Another version has been put in their place; calls that run may finish. */
  private endOtherVersions({ family, key, isOneShot }: SessionRequest): void {
    if (family === undefined || isOneShot) return;
    const reason: CloseReason = { kind: 'stale', detail: 'another version is there' };
    for (const group of this.groups.values()) {
      const { request } = group;
      if (request.family !== family || request.key === key || request.isOneShot) continue;
      runDetached(group.closeAll(reason), 'ending sessions of another version', this.options.log);
    }
  }

  private open({ request, cause, detail, onIdle, onFreed }: ReplicaStart): Replica {
    const { key, label, launch } = request;
    const spare = this.spares.take(launch);
    const id = spare?.id ?? this.newId();
    const why = { key, label, cause, ...(detail !== undefined && { detail }) };
    this.announce(id, { kind: spare ? 'adopted' : 'launching', ...why });
    const start = spare
      ? () => Promise.resolve(spare.session)
      : (signal: CancelSignal) => this.launch(id, launch, signal);
    const replica: Replica = new Replica(id, start, {
      platform: this.options.platform,
      keepaliveMs: request.isOneShot ? 0 : launch.keepaliveMs,
      announce: news => this.announce(id, news),
      onIdle: () => onIdle(replica),
      onFreed: () => onFreed(replica),
    });
    return replica;
  }

  private launch(id: string, spec: LaunchSpec, signal: CancelSignal): Promise<ProcessSession> {
    const { segmentFolders, policy } = this;
    const { platform, log } = this.options;
    const announce = (news: SessionNews) => this.announce(id, news);
    return launchLogged(spec, { id, platform, policy, announce, segmentFolders, log }, signal);
  }

  /** A server that waits for nothing costs as much memory as one that works. */
  private keepSpare(launch: LaunchSpec): void {
    if (!this.isClosed && !launch.server) this.spares.keep(launch, this.policy.maxSpares);
  }

  private newId(): string {
    return `s${this.nextId++}`;
  }

  private announce(id: string, news: SessionNews): void {
    this.events.fire({ ...news, session: id, atMs: this.options.platform.clock.now() });
  }

  private remember(end: Promise<void>): void {
    const settled = end.finally(() => this.ending.delete(settled));
    settled.catch(() => undefined); // whoever began the end is told
    this.ending.add(settled);
  }

  private find(id: string): { readonly group: SessionGroup; readonly replica: Replica } {
    for (const group of this.groups.values()) {
      const replica = group.replicas.find(candidate => candidate.id === id);
      if (replica) return { group, replica };
    }
    throw new GreenroomError('session.closed', `there is no session ${id}`);
  }
}

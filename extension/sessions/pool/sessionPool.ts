import { Emitter } from '../../server/shared/base/event.ts';
import type { CancelSignal, Platform } from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError, messageOf } from '../../server/shared/errors.ts';
import type {
  CloseReason,
  LaunchCause,
  SessionEvent,
} from '../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';
import { assertSameLaunch, type LaunchSpec } from './launchSpec.ts';
import { Lease } from './lease.ts';
import { PoolEntry } from './poolEntry.ts';
import { ReplacementBudget } from './replacementBudget.ts';
import { SegmentFolders } from './segmentFolders.ts';
import type { Session, ToolCall } from './session.ts';
import type { SessionPolicy } from './sessionPolicy.ts';
import type { ShareKey } from './shareKey.ts';

/** What a caller must say to get a session. */
export interface SessionRequest {
  readonly key: ShareKey;
  /** For people: whose session this is. */
  readonly label: string;
  readonly launch: LaunchSpec;
  /** Opened whenever the session is started ahead of need. */
  readonly tools: readonly ToolSpec[];
}

export interface SessionInfo {
  readonly id: string;
  readonly key: ShareKey;
  readonly label: string;
  readonly tools: readonly ToolSpec[];
}

export interface PoolOptions {
  readonly platform: Platform;
  readonly policy: SessionPolicy;
  readonly log: Log;
  /** Where large bytes cross; the machine's shared memory if absent. */
  readonly segmentFolders?: SegmentFolders;
}

const maxAttempts = 3;

/** Sessions by share key: started once, leased by many, kept warm, replaced when lost, ended in order. */
export class SessionPool {
  private readonly entries = new Map<ShareKey, PoolEntry>();
  private readonly budgets = new Map<ShareKey, ReplacementBudget>();
  private readonly ending = new Set<Promise<void>>();
  private readonly events: Emitter<SessionEvent>;
  private readonly segmentFolders: SegmentFolders;
  private nextId = 1;
  private isClosed = false;

  /** Everything that happens to any session, in order. */
  readonly onEvent;

  constructor(private readonly options: PoolOptions) {
    this.events = new Emitter(error =>
      options.log.error('a listener of session events failed', { error: messageOf(error) }),
    );
    this.onEvent = this.events.event;
    this.segmentFolders = options.segmentFolders ?? new SegmentFolders();
  }

  get sessions(): readonly SessionInfo[] {
    return [...this.entries.values()].map(({ id, request }) => ({ id, ...request }));
  }

  /**
   * Leases the session of this key, started if need be. Throws `session.conflict`, `session.launch`,
   * `pool.closed` or `call.cancelled`. The lease must be released.
   */
  async acquire(request: SessionRequest, signal?: CancelSignal): Promise<Lease> {
    const askedAtMs = this.options.platform.clock.now();
    const entry = this.entryFor(request, 'demand');
    const hold = entry.hold();
    try {
      const session = await entry.started(signal);
      return new Lease(session, askedAtMs, () => hold.dispose());
    } catch (error) {
      hold.dispose();
      // Ended by someone else while it started: nothing was done yet, its successor serves as well.
      if (entry.isRetired && !this.isClosed && !isGreenroomError(error, 'call.cancelled')) {
        return this.acquire(request, signal);
      }
      throw error;
    }
  }

  /**
   * Leases a session for one call. A call whose session was lost before it had started there is made
   * on the successor: it is run once at most.
   */
  async call(request: SessionRequest, call: ToolCall): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      using lease = await this.acquire(request, call.signal);
      try {
        return await lease.call(call);
      } catch (error) {
        const mayGoOn = isGreenroomError(error, 'call.notStarted') && !this.isClosed;
        if (!mayGoOn || attempt === maxAttempts) throw error;
      }
    }
  }

  /** Starts the session and opens its tools, unless that was done. It expires like any other. */
  async prewarm(request: SessionRequest, cause: LaunchCause = 'prewarm'): Promise<Session> {
    const entry = this.entryFor(request, cause);
    using _hold = entry.hold();
    const session = await entry.started();
    await Promise.all(request.tools.map(tool => session.openTool(tool)));
    return session;
  }

  /** Ends the session and starts another in its place; its tools are opened again. */
  async restart(id: string, reason: CloseReason = { kind: 'requested' }): Promise<void> {
    const entry = this.find(id);
    this.retireDetached(entry, reason);
    await this.prewarm(entry.request, 'restart');
  }

  /** Calls in flight may finish, within bounds. Resolves when the process is gone. */
  close(id: string, reason: CloseReason = { kind: 'requested' }): Promise<void> {
    return this.retire(this.find(id), reason);
  }

  async closeAll(reason: CloseReason = { kind: 'requested' }): Promise<void> {
    await Promise.all([...this.entries.values()].map(entry => this.retire(entry, reason)));
  }

  /** Ends every session for good; resolves when the last process is gone. */
  async shutDown(): Promise<void> {
    this.isClosed = true;
    await this.closeAll({ kind: 'shutdown' });
    await Promise.allSettled(this.ending);
    this.segmentFolders.dispose();
  }

  private entryFor(request: SessionRequest, cause: LaunchCause): PoolEntry {
    if (this.isClosed) throw new GreenroomError('pool.closed', 'Greenroom is shutting down');
    const existing = this.entries.get(request.key);
    if (existing) {
      assertSameLaunch(request.key, existing.request.launch, request.launch);
      return existing;
    }
    return this.open(request, cause);
  }

  private open(request: SessionRequest, cause: LaunchCause): PoolEntry {
    const { platform, policy, log } = this.options;
    const id = `s${this.nextId++}`;
    const entry = new PoolEntry(id, request, cause, {
      platform,
      policy,
      segmentFolders: this.segmentFolders,
      log: log.child({ session: id }),
      announce: news => this.events.fire({ ...news, session: id, atMs: platform.clock.now() }),
      onIdle: () => this.retireDetached(entry, { kind: 'idle' }),
      onLost: () => this.replace(entry),
      onOverdue: () => {
        if (entry.isRetired) return;
        this.retireDetached(entry, { kind: 'stuck' });
        this.replace(entry);
      },
      onGone: () => this.forget(entry),
    });
    this.entries.set(request.key, entry);
    return entry;
  }

  private retire(entry: PoolEntry, reason: CloseReason): Promise<void> {
    this.forget(entry);
    const ended = entry.end(reason).finally(() => this.ending.delete(ended));
    this.ending.add(ended);
    return ended;
  }

  private retireDetached(entry: PoolEntry, reason: CloseReason): void {
    runDetached(this.retire(entry, reason), 'ending a session', this.options.log);
  }

  private forget(entry: PoolEntry): void {
    if (this.entries.get(entry.request.key) === entry) this.entries.delete(entry.request.key);
  }

  private replace(entry: PoolEntry): void {
    const { key } = entry.request;
    const { policy, platform, log } = this.options;
    if (this.isClosed || this.entries.has(key)) return;
    let budget = this.budgets.get(key);
    if (!budget) {
      budget = new ReplacementBudget(policy, () => platform.clock.now());
      this.budgets.set(key, budget);
    }
    if (budget.trySpend()) {
      runDetached(this.prewarm(entry.request, 'replacement'), 'replacing a session', log);
    } else {
      log.warn('a session was lost too often; the next use starts it again', {
        label: entry.request.label,
      });
    }
  }

  private find(id: string): PoolEntry {
    const entry = [...this.entries.values()].find(candidate => candidate.id === id);
    if (!entry) throw new GreenroomError('session.closed', `there is no session ${id}`);
    return entry;
  }
}

import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import type { CancelSignal, Platform } from '../../server/shared/base/platform.ts';
import { messageOf } from '../../server/shared/errors.ts';
import type { CloseReason, LaunchCause } from '../../server/shared/protocol/events.ts';
import type { Log } from '../log/log.ts';
import { abandonable } from './abandonable.ts';
import { launchSession } from './launchSession.ts';
import type { SegmentFolders } from './segmentFolders.ts';
import type { Session } from './session.ts';
import type { AnnounceSession } from './sessionEvents.ts';
import type { SessionRequest } from './sessionPool.ts';
import type { SessionPolicy } from './sessionPolicy.ts';

export interface PoolEntryContext {
  readonly platform: Platform;
  readonly policy: SessionPolicy;
  readonly log: Log;
  readonly announce: AnnounceSession;
  readonly segmentFolders: SegmentFolders;
  /** Its keepalive has run out. */
  readonly onIdle: () => void;
  /** It ended without being asked to. Comes after {@link onGone}. */
  readonly onLost: () => void;
  /** It should be replaced in order: a call that was given up does not end. */
  readonly onOverdue: () => void;
  /** It cannot be leased any more. */
  readonly onGone: () => void;
}

/** A hold counts while it lasts; releasing one twice is the same as once. */
type Hold = DisposableLike & Disposable;

/** One share key's session, from the moment it is asked for: its start, its leases and its idle time. */
export class PoolEntry {
  private readonly starting: Promise<Session>;
  private readonly startCancel;
  private readonly holds = new Set<Hold>();
  private idleTimer: DisposableLike | undefined;
  private endReason: CloseReason | undefined;

  constructor(
    readonly id: string,
    readonly request: SessionRequest,
    cause: LaunchCause,
    private readonly context: PoolEntryContext,
  ) {
    this.startCancel = context.platform.createCancelSource();
    this.starting = this.start(cause);
    // Whoever waits sees the failure; nobody may be waiting.
    this.starting.catch(() => undefined);
  }

  /** Keeps the session from expiring. */
  hold(): Hold {
    this.idleTimer?.dispose();
    this.idleTimer = undefined;
    const release = () => {
      if (!this.holds.delete(hold)) return;
      this.announceLeases();
      if (this.holds.size === 0) this.startIdling();
    };
    const hold: Hold = { dispose: release, [Symbol.dispose]: release };
    this.holds.add(hold);
    this.announceLeases();
    return hold;
  }

  /** Whether it was asked to end. */
  get isRetired(): boolean {
    return this.endReason !== undefined;
  }

  /** The session once it is ready; a caller who gives up leaves the start to go on for others. */
  started(signal?: CancelSignal): Promise<Session> {
    return abandonable(this.starting, signal, 'the session was no longer wanted');
  }

  async end(reason: CloseReason): Promise<void> {
    this.endReason ??= reason;
    this.idleTimer?.dispose();
    this.startCancel.abort();
    const session = await this.starting.catch(() => undefined);
    await session?.close(reason);
  }

  private async start(cause: LaunchCause): Promise<Session> {
    const { platform, policy, announce, log, segmentFolders, onGone } = this.context;
    const { key, label, launch } = this.request;
    announce({ kind: 'launching', key, label, cause });
    try {
      const session = await launchSession(
        launch,
        {
          id: this.id,
          platform,
          policy,
          announce,
          segmentFolders,
          onUnseenFailure: ({ name, error }) =>
            log.warn('a call failed that nobody waited for', {
              call: name,
              error: messageOf(error),
            }),
          onOutput: (stream, line) => log.info('output', { stream, line }),
        },
        this.startCancel.signal,
      );
      session.onDidClose(() => this.closed());
      session.onOverdue(() => this.context.onOverdue());
      // What came right behind its hello may have ended it already.
      if (session.state.kind === 'closed') this.closed();
      return session;
    } catch (error) {
      announce({
        kind: 'closed',
        reason: this.endReason ?? { kind: 'launchFailed', detail: messageOf(error) },
      });
      onGone();
      throw error;
    }
  }

  private closed(): void {
    this.idleTimer?.dispose();
    this.context.onGone();
    if (!this.endReason) this.context.onLost();
  }

  private announceLeases(): void {
    this.context.announce({ kind: 'leases', leases: this.holds.size });
  }

  private startIdling(): void {
    if (this.endReason) return;
    this.idleTimer = this.context.platform.clock.after(
      this.request.launch.keepaliveMs,
      this.context.onIdle,
    );
  }
}

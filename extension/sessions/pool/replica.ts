import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { CancelSignal, Platform } from '../../../server/shared/base/platform.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type { CloseReason } from '../../../server/shared/protocol/events.ts';
import { abandonable } from '../abandonable.ts';
import type { ProcessSession } from '../processSession.ts';
import type { AnnounceSession } from '../sessionEvents.ts';
import type { Trial } from './breaker.ts';
import type { Load } from './dispatch.ts';

export interface ReplicaContext {
  readonly platform: Platform;
  readonly announce: AnnounceSession;
  readonly keepaliveMs: number;
  /** Its keepalive has run out. */
  readonly onIdle: () => void;
  /** A call has ended or a caller has let go: it can take another. */
  readonly onFreed: () => void;
}

/** A hold counts while it lasts; releasing one twice is the same as once. */
export type Hold = DisposableLike & Disposable;

/** One process under a share key, from the moment it is asked for: its start, who uses it, its idle time. */
export class Replica implements Load {
  readonly started: Promise<ProcessSession>;
  /** The session, once its start is over. */
  session: ProcessSession | undefined;
  /** Calls that run on it, and those that have ended. */
  calls = 0;
  ended = 0;
  /** Whether it has answered a call, or has lived for a while. */
  isProven = false;
  trial: Trial | undefined;
  /** Why it is being exchanged for a fresh one, if it is. */
  wornBy: string | undefined;
  /** Its successor is there: nothing new is given to it. */
  isLeaving = false;
  readonly openedAtMs: number;
  private readonly startCancel;
  private readonly holds = new Set<Hold>();
  private idleTimer: DisposableLike | undefined;
  private endReason: CloseReason | undefined;
  private isGone = false;

  constructor(
    readonly id: string,
    start: (signal: CancelSignal) => Promise<ProcessSession>,
    private readonly context: ReplicaContext,
  ) {
    this.openedAtMs = context.platform.clock.now();
    this.startCancel = context.platform.createCancelSource();
    this.started = start(this.startCancel.signal).then(
      session => {
        if (this.holds.size === 0) this.startIdling(); // whoever it was started for may have left
        return (this.session = session);
      },
      (error: unknown) => {
        const failure: CloseReason = { kind: 'launchFailed', detail: messageOf(error) };
        context.announce({ kind: 'closed', reason: this.endReason ?? failure });
        throw error;
      },
    );
    // Whoever waits sees the failure; nobody may be waiting.
    this.started.catch(() => undefined);
  }

  get isReady(): boolean {
    return this.session?.isUsable === true;
  }

  /** Callers who hold on to it, those whose calls run among them. */
  get leases(): number {
    return this.holds.size;
  }

  /** Why it was asked to end, if it was. */
  get retired(): CloseReason | undefined {
    return this.endReason;
  }

  /** Keeps the session from expiring. */
  hold(): Hold {
    this.stopIdling();
    const release = () => {
      if (!this.holds.delete(hold)) return;
      this.announceLeases();
      this.context.onFreed(); // who waits for it holds it from now on
      if (this.holds.size > 0) return;
      if (this.context.keepaliveMs > 0) this.startIdling();
      else if (!this.isEnding) this.context.onIdle();
    };
    const hold: Hold = { dispose: release, [Symbol.dispose]: release };
    this.holds.add(hold);
    this.announceLeases();
    return hold;
  }

  /** The session once it is ready; a caller who gives up leaves the start to go on for others. */
  ready(signal?: CancelSignal): Promise<ProcessSession> {
    return abandonable(this.started, signal, 'the session was no longer wanted');
  }

  async end(reason: CloseReason): Promise<void> {
    this.endReason ??= reason;
    this.stopIdling();
    this.startCancel.abort();
    const session = await this.started.catch(() => undefined);
    await session?.close(reason);
  }

  /** Its process has gone: it does not expire any more, whoever still holds on to it. */
  forget(): void {
    this.isGone = true;
    this.stopIdling();
  }

  private get isEnding(): boolean {
    return this.endReason !== undefined || this.isGone;
  }

  private announceLeases(): void {
    this.context.announce({ kind: 'leases', leases: this.holds.size });
  }

  private startIdling(): void {
    if (this.isEnding) return;
    const { platform, keepaliveMs, onIdle } = this.context;
    this.stopIdling();
    this.idleTimer = platform.clock.after(keepaliveMs, onIdle);
  }

  private stopIdling(): void {
    this.idleTimer?.dispose();
    this.idleTimer = undefined;
  }
}

import type { Clock } from '../../../server/shared/base/platform.ts';
import type { CloseReason, LaunchCause } from '../../../server/shared/protocol/events.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { ProcessSession } from '../processSession.ts';
import type { Replica } from './replica.ts';
import type { SessionRequest } from './sessionRequest.ts';

/** What a replica is started for, and whom it tells what. */
export interface ReplicaStart {
  readonly request: SessionRequest;
  readonly cause: LaunchCause;
  /** For people: more about the cause. */
  readonly detail?: string | undefined;
  readonly onIdle: (replica: Replica) => void;
  readonly onFreed: (replica: Replica) => void;
}

/** What is told of replicas. Those that have ended, or could not be started, are no longer in the set. */
export interface ReplicaListener {
  readonly onReady: () => void;
  readonly onFailedToStart: (replica: Replica, error: unknown) => void;
  readonly onClosed: (replica: Replica, reason: CloseReason) => void;
  /** It ignores a cancellation. */
  readonly onOverdue: (replica: Replica) => void;
  /** A call on it has ended, or a caller has let go. */
  readonly onFreed: (replica: Replica) => void;
  /** It has answered a call, or has lived for a while. */
  readonly onProven: () => void;
}

export interface ReplicaSetContext {
  readonly clock: Clock;
  readonly log: Log;
  /** How long one lives until it counts as one that works. */
  readonly provenMs: () => number;
  /** Begins to start a process, or takes a spare one. */
  readonly open: (start: ReplicaStart) => Replica;
  /** Is told of every end that was begun. */
  readonly onEnding: (end: Promise<void>) => void;
}

/** The processes under one share key, each from the moment it is asked for until it has gone. */
export class ReplicaSet {
  /** The one that was started last. */
  latestId: string | undefined;
  private readonly all = new Set<Replica>();

  constructor(
    private readonly context: ReplicaSetContext,
    private readonly listener: ReplicaListener,
  ) {}

  /** With those that were asked to end. */
  get size(): number {
    return this.all.size;
  }

  /** All, with those that were asked to end. */
  get everyone(): readonly Replica[] {
    return [...this.all];
  }

  /** Those that were not asked to end. */
  get present(): readonly Replica[] {
    return [...this.all].filter(({ retired }) => !retired);
  }

  /** Those that may be given something new to do. */
  get candidates(): readonly Replica[] {
    return this.present.filter(({ isLeaving }) => !isLeaving);
  }

  open(request: SessionRequest, cause: LaunchCause, detail?: string): Replica {
    const replica = this.context.open({
      request,
      cause,
      detail,
      onIdle: one => this.retire(one, { kind: 'idle' }),
      onFreed: one => this.listener.onFreed(one),
    });
    this.latestId = replica.id;
    this.all.add(replica);
    replica.started.then(
      session => this.isReady(replica, session),
      (error: unknown) => {
        this.forget(replica);
        this.listener.onFailedToStart(replica, error);
      },
    );
    return replica;
  }

  prove(replica: Replica): void {
    if (replica.isProven) return;
    replica.isProven = true;
    replica.trial?.succeed();
    this.listener.onProven();
  }

  /** Calls in flight may finish, within bounds. Resolves when the process is gone. */
  close(replica: Replica, reason: CloseReason): Promise<void> {
    const end = replica.end(reason);
    this.context.onEnding(end);
    return end;
  }

  /** The same, for nobody who waits for it. */
  retire(replica: Replica, reason: CloseReason): void {
    runDetached(this.close(replica, reason), 'ending a session', this.context.log);
  }

  private isReady(replica: Replica, session: ProcessSession): void {
    const { clock, provenMs, onEnding } = this.context;
    const proving = clock.after(provenMs(), () => this.prove(replica));
    const closed = (reason: CloseReason): void => {
      proving.dispose();
      onEnding(session.gone);
      this.forget(replica);
      this.listener.onClosed(replica, reason);
    };
    // What came right behind its hello may have ended it already.
    if (session.state.kind === 'closed') return closed(session.state.reason);
    session.onDidClose(closed);
    session.onOverdue(() => this.listener.onOverdue(replica));
    this.listener.onReady();
  }

  private forget(replica: Replica): void {
    replica.forget();
    this.all.delete(replica);
  }
}

import type { Confinement } from './confinement.ts';
import type { CallRecord, CloseReason, LaunchCause, ToolInfo } from './events.ts';

/** What the panel draws: plain data, complete by itself, at most a few hundred kilobytes. */
export interface Snapshot {
  /** Monotonic clock when the snapshot was taken, in milliseconds. */
  readonly takenAtMs: number;
  /** Add this to a monotonic time to get milliseconds since the Unix epoch. */
  readonly epochOffsetMs: number;
  /** Live sessions first, spares behind the others, then the most recently closed ones. */
  readonly sessions: readonly SessionSnapshot[];
  /** Oldest first. */
  readonly lifecycle: readonly LifecycleEntry[];
  readonly methods: readonly MethodStatistics[];
  /** Oldest first; messages that nobody answers are not among them. */
  readonly recentCalls: readonly CallRecord[];
  /** When the statistics were last reset, or collection began. */
  readonly windowStartedAtMs: number;
}

export type SessionStateName = 'starting' | 'ready' | 'draining' | 'closed';

export interface SessionSnapshot {
  readonly id: string;
  readonly key: string;
  /** For a person: the workspace folder's name, usually. */
  readonly label: string;
  readonly state: SessionStateName;
  readonly cause: LaunchCause;
  /** Runtime and version as the worker reported it, `node 24.9.0`. */
  readonly runtime?: string;
  /** As measured from inside; absent until it is ready. */
  readonly confinement?: Confinement;
  readonly tools: readonly ToolInfo[];
  readonly pid?: number;
  /** Resident memory of the process and of those it has started, where the operating system tells it. */
  readonly residentBytes?: number;
  readonly leases: number;
  /** Messages that nobody answers do not count. */
  readonly calls: number;
  readonly launchedAtMs: number;
  readonly readyAtMs?: number;
  readonly closedAtMs?: number;
  readonly reason?: CloseReason;
}

/** One moment in the life of a session, as the timeline shows it. */
export interface LifecycleEntry {
  readonly atMs: number;
  readonly session: string;
  readonly kind:
    | 'launching'
    | 'adopted'
    | 'ready'
    | 'toolOpened'
    | 'slow'
    | 'suspended'
    | 'resumed'
    | 'draining'
    | 'closed';
  readonly cause?: LaunchCause;
  readonly tool?: ToolInfo;
  readonly tookMs?: number;
  readonly reason?: CloseReason;
  readonly detail?: string;
}

/** What all calls have in common that are counted together; each property is that of the calls. */
export type MethodIdentity = Pick<CallRecord, 'tool' | 'method' | 'from' | 'isNotification'>;

/** What there was of one method of one tool since the window began. */
export interface MethodStatistics extends MethodIdentity {
  readonly count: number;
  /** The cancelled are not among them. */
  readonly failures: number;
  readonly cancelled: number;
  /** By the editor; what came from the tool or server was received. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Absent while no call was answered. */
  readonly latency?: Latency;
}

/** In milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

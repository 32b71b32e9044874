import type { ConfinementTier, Forbidden, Mechanism } from './confinement.ts';
import type { CloseReason, LaunchCause } from './events.ts';
import type { Snapshot } from './snapshot.ts';

/** What the panel may ask of the extension host. Session ids come from the snapshot. */
export interface DashboardHostApi {
  /** The view is on screen and wants its first snapshot. */
  attached(): Promise<void>;
  prewarm(): Promise<void>;
  restart(session: string): Promise<void>;
  close(session: string): Promise<void>;
  resetStatistics(): Promise<void>;
  showLog(): Promise<void>;
}

/** What the extension host may ask of the panel. */
export interface DashboardViewApi {
  show(snapshot: Snapshot): Promise<void>;
}

/**
 * Every word the panel shows, in the user's language. The host translates; the panel only draws.
 * `{0}` marks where a value goes.
 */
export interface DashboardStrings {
  readonly language: string;
  readonly title: string;
  readonly prewarm: string;
  readonly restart: string;
  readonly restartSession: string; // {0}: label of the session
  readonly close: string;
  readonly closeSession: string; // {0}: label of the session
  readonly showLog: string;
  readonly resetStatistics: string;
  readonly filterCalls: string;
  readonly noneFound: string;
  readonly showMore: string; // {0}: how many
  readonly showFewer: string;
  readonly sessions: string;
  readonly noSessions: string;
  readonly noSessionsHint: string;
  readonly timeline: string;
  readonly recentEvents: string;
  readonly latencies: string;
  readonly statisticsSince: string; // {0}: time of day
  readonly noCalls: string;
  readonly recentCalls: string;
  readonly latencyChart: string;
  readonly calls: string;
  readonly session: string;
  readonly state: string;
  readonly states: Readonly<Record<'starting' | 'ready' | 'draining' | 'closed', string>>;
  readonly tool: string;
  readonly method: string;
  readonly subject: string;
  readonly pid: string;
  readonly memory: string;
  readonly leases: string;
  readonly confinement: string;
  readonly tiers: Readonly<Record<ConfinementTier, string>>;
  readonly mechanisms: Readonly<Record<Mechanism, string>>;
  readonly powers: Readonly<Record<Forbidden, string>>;
  readonly able: string; // {0}: what it can do although it should not
  readonly mayDo: string; // {0}: what it was granted
  readonly keepFiles: string; // goes there
  readonly age: string;
  readonly lastReason: string;
  readonly actions: string;
  readonly count: string;
  readonly failures: string;
  readonly cancelled: string;
  readonly sent: string;
  readonly received: string;
  readonly toTool: string;
  readonly fromServer: string;
  readonly notification: string;
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
  readonly max: string;
  readonly when: string;
  readonly total: string;
  readonly parts: string;
  readonly queue: string;
  readonly transport: string;
  readonly run: string;
  readonly reply: string;
  readonly outcome: string;
  readonly outcomes: Readonly<Record<'ok' | 'failed' | 'cancelled' | 'deadline' | 'lost', string>>;
  readonly causes: Readonly<Record<LaunchCause, string>>;
  readonly reasons: Readonly<Record<CloseReason['kind'], string>>;
  readonly slow: string; // {0}: what
  readonly suspended: string; // {0}: why
  readonly resumed: string;
  readonly adopted: string;
  readonly opened: string; // {0}: tool and version
  readonly bundled: string;
  readonly machine: string;
  readonly machineHint: string;
}

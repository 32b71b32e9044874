import type { Confinement } from './confinement.ts';

/** Why a session was started. */
export type LaunchCause =
  | 'demand' // a caller asked for it
  | 'load' // all others under its share key were busy
  | 'prewarm'
  | 'restart'
  | 'replacement' // of one that was lost
  | 'recycling' // of one that was worn out
  | 'oneShot' // for a single call, after which it ends
  | 'spare'; // for whoever needs one next

/** Why a session ended. `detail` is for people: an exit code, the last line of standard error. */
export interface CloseReason {
  readonly kind:
    | 'idle' // its keepalive ran out
    | 'requested' // somebody closed or restarted it
    | 'displaced' // a spare, by one for other options
    | 'shutdown' // the pool ended
    | 'launchFailed' // it never became ready
    | 'exited' // the process ended by itself
    | 'stuck' // it ignored a cancellation for the whole grace period
    | 'memory' // it passed its memory limit
    | 'processes' // it ran too many of them
    | 'processor' // it computed on and on although nobody asked for anything
    | 'protocol' // it sent something that is not the protocol
    | 'recycled' // worn out, and its successor was there
    | 'stale'; // what it runs changed on disk
  readonly detail?: string;
}

export type CallOutcome = 'ok' | 'failed' | 'cancelled' | 'deadline' | 'lost';

/**
 * One finished call. All times are milliseconds on the machine's monotonic clock, read in both
 * processes, so `queueMs + transportMs + runMs + replyMs` is the time the caller waited.
 */
export interface CallRecord {
  readonly session: string;
  readonly tool: string;
  readonly method: string;
  /** What the call was about, for a person: a workspace-relative path. */
  readonly subject?: string;
  readonly askedAtMs: number;
  /** Waiting for a session, and for its turn in the worker. */
  readonly queueMs: number;
  /** From the host's write to the worker's read. */
  readonly transportMs: number;
  /** Inside the tool. */
  readonly runMs: number;
  /** From the tool's answer to the host's read. */
  readonly replyMs: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly outcome: CallOutcome;
  /** Message of the failure, where there was one. */
  readonly error?: string;
  /** Who has asked, where it was not the editor but a language server. */
  readonly from?: 'server';
  /** It was a message of a language server's protocol that has no answer; its time is that of passing it on. */
  readonly isNotification?: boolean;
}

/** A tool that a session has loaded. */
export interface ToolInfo {
  readonly name: string;
  readonly version: string;
  /**
   * Where it was loaded from; `bundled` is the copy that ships with Greenroom, `machine` what is installed
   * for all projects.
   */
  readonly origin: 'project' | 'bundled' | 'machine';
}

/** What a session announces about its life. Metrics, status item and panel are folds over these. */
export type SessionEvent = { readonly session: string; readonly atMs: number } & (
  | {
      readonly kind: 'launching';
      readonly key: string;
      readonly label: string;
      readonly cause: LaunchCause;
      /** For people: more about the cause. */
      readonly detail?: string;
    }
  | {
      /** A spare that has found its use. */
      readonly kind: 'adopted';
      readonly key: string;
      readonly label: string;
      readonly cause: LaunchCause;
      readonly detail?: string;
    }
  | {
      readonly kind: 'ready';
      readonly pid: number;
      readonly runtime: string;
      readonly confinement: Confinement;
    }
  | { readonly kind: 'toolOpened'; readonly tool: ToolInfo; readonly tookMs: number }
  | { readonly kind: 'leases'; readonly leases: number }
  | { readonly kind: 'called'; readonly call: CallRecord }
  /** One of its calls has been running for long; `detail` says which. */
  | { readonly kind: 'slow'; readonly detail: string }
  /** It was the last of several that were lost: none like it is started for a while. */
  | { readonly kind: 'suspended'; readonly detail: string }
  /** It works, after several others were lost: they may be started again. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'draining'; readonly reason: CloseReason }
  | { readonly kind: 'closed'; readonly reason: CloseReason }
);

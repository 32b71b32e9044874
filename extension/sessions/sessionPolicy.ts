import process from 'node:process';
import type { HealthLimits } from './health.ts';

/** Every span of time and every bound that one session works by. */
export interface SessionPolicy {
  /** From spawn to the worker's hello. */
  readonly startTimeoutMs: number;
  /** From asking a session to open a tool to its being open; plugins of the project run meanwhile. */
  readonly openToolTimeoutMs: number;
  /** How long a call that was given up may keep its session busy before the session is replaced. */
  readonly graceMs: number;
  /** How long a session may wait for a callback before it is told which calls wait for the session. */
  readonly heldUpMs: number;
  /** How long calls in flight may go on when a session is to end. */
  readonly drainMs: number;
  /** Each step of ending a process. */
  readonly endStepMs: number;
  /** Processor time that a session may take while no call of it runs. */
  readonly idleProcessorMs: number;
  /** Between two looks at what a session takes that is busy, and one that is idle. */
  readonly usageCheckMs: { readonly busy: number; readonly idle: number };
  /** How long a language server may say nothing at all while a request of it waits. */
  readonly serverSilenceMs: number;
  /** Of calls whose callers do not ask for their times, so many leave a record: none, where nobody reads it. */
  readonly timedCallsPerS: number;
  /** When calls of a session count as slow, and when silence counts as being stuck. */
  readonly health: HealthLimits;
}

export const defaultSessionPolicy: SessionPolicy = Object.freeze({
  startTimeoutMs: 10_000,
  openToolTimeoutMs: 10_000,
  graceMs: 2_000,
  heldUpMs: 10_000,
  drainMs: 5_000,
  endStepMs: 1_000,
  idleProcessorMs: 60_000,
  usageCheckMs: { busy: 200, idle: process.platform === 'linux' ? 1_000 : 5_000 }, // else `ps` is run
  serverSilenceMs: 60_000,
  timedCallsPerS: 0,
  health: { slowMs: 5_000, silenceMs: 10_000 },
});

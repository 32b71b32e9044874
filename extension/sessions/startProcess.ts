import type { ResourceScope } from '../../server/shared/base/disposable.ts';
import type { CancelSignal, Clock, Platform } from '../../server/shared/base/platform.ts';
import type { Hello } from '../../server/shared/protocol/hello.ts';
import type { UnseenFailure } from '../../server/shared/rpc/connection.ts';
import type { HeldUp } from '../../server/shared/rpc/syncServing.ts';
import { confine, type ConfinedStart } from '../confinement/confine.ts';
import { measured } from '../confinement/measured.ts';
import { maxProcesses } from '../confinement/resolvePlan.ts';
import { abandonable } from './abandonable.ts';
import { within } from './endProcess.ts';
import { HostHold } from './hostHold.ts';
import type { LaunchSpec } from './launchSpec.ts';
import { usageOf, usageOfTree, type Usage } from './processUsage.ts';
import type { ProcessSessionParts } from './processSession.ts';
import type { SegmentFolders } from './segmentFolders.ts';
import { resolveServer } from './servers/resolveServer.ts';
import type { AnnounceSession } from './sessionEvents.ts';
import type { SessionPolicy } from './sessionPolicy.ts';
import { UsageWatch, type UsageLimits } from './usageWatch.ts';
import {
  spawnWorker,
  workerCommand,
  type OutputListener,
  type WorkerProcess,
} from './workerProcess.ts';

export interface LaunchContext {
  readonly id: string;
  readonly platform: Platform;
  readonly policy: SessionPolicy;
  readonly announce: AnnounceSession;
  readonly onOutput: OutputListener;
  readonly segmentFolders: SegmentFolders;
  /** A call failed whose result nobody has asked for. */
  readonly onUnseenFailure: (failure: UnseenFailure) => void;
  /** It waits for long for a callback, and several calls wait for it. */
  readonly onHeldUp: (held: HeldUp) => void;
}

/** A start that is under way, and what was made for it so far: all of it goes when the start fails. */
export interface LaunchAttempt {
  readonly scope: ResourceScope;
  process?: WorkerProcess;
}

/** A process that was started, before it has said anything. */
export interface StartedProcess {
  readonly process: WorkerProcess;
  readonly start: ConfinedStart;
  readonly hold: HostHold;
}

/** Confines and starts the process. `segments` is its shared memory. */
export async function startProcess(
  spec: LaunchSpec,
  segments: string | undefined,
  { platform, policy, onOutput }: LaunchContext,
  attempt: LaunchAttempt,
  signal: CancelSignal,
): Promise<StartedProcess> {
  const { clock } = platform;
  const start = await beforeDeadline(
    prepareStart(spec, segments),
    policy.startTimeoutMs,
    clock,
    signal,
  );
  const process = attempt.scope.own(spawnOrRemove(spec, start, onOutput));
  attempt.process = process;
  return { process, start, hold: new HostHold(process, clock) };
}

/**
 * What its session is to know of a process that has said hello, and that the machine knows as `pid`, where
 * it tells. Throws `session.unconfined`. `progress` changes with each thing it is
 * asked for, and is undefined while it is asked for something.
 */
export function settleIn(
  { process, start, hold }: StartedProcess,
  hello: Hello,
  pid: number | undefined,
  spec: LaunchSpec,
  { id, platform, policy, announce }: LaunchContext,
  { scope }: LaunchAttempt,
  progress: () => number | undefined,
): Omit<ProcessSessionParts, 'scope'> {
  const { clock } = platform;
  const confinement = measured(hello, start, spec.confinement);
  const usage = scope.own(
    new UsageWatch(
      () => usageOfSession(pid, process.pid, spec, start),
      limitsOf(spec, policy),
      policy.usageCheckMs,
      clock,
      progress,
    ),
  );
  const runtime = `${hello.runtime} ${hello.runtimeVersion}`;
  const known = { id, runtime, pid: pid ?? hello.pid, confinement };
  return { ...known, process, hold, usage, policy, clock, announce };
}

async function prepareStart(
  spec: LaunchSpec,
  segments: string | undefined,
): Promise<ConfinedStart> {
  const { runtime = 'node', workerPath, memoryLimitMb } = spec;
  const searchPath = spec.environment['PATH'];
  const server = await resolveServer(spec);
  const needs = { runtime, workerPath, memoryLimitMb, segments, searchPath };
  return confine(workerCommand(spec, server), spec.confinement, {
    ...needs,
    ...(server && { becomes: server }),
  });
}

/** What was made for a process goes with it, or because it could not be started. */
function spawnOrRemove(
  spec: LaunchSpec,
  start: ConfinedStart,
  onOutput: OutputListener,
): WorkerProcess {
  try {
    return spawnWorker(spec, start, onOutput);
  } catch (error) {
    void start.remove().catch(() => undefined);
    throw error;
  }
}

/** What is made too late for anybody is taken away again. */
async function beforeDeadline(
  confining: Promise<ConfinedStart>,
  timeoutMs: number,
  clock: Clock,
  signal: CancelSignal,
): Promise<ConfinedStart> {
  try {
    const start = await abandonable(within(timeoutMs, confining, clock), signal, 'it was given up');
    if (start) return start;
    throw new Error(`finding out what it may see took longer than ${timeoutMs} ms`);
  } catch (error) {
    void confining.then(start => start.remove()).catch(() => undefined);
    throw error;
  }
}

function limitsOf(
  { memoryLimitMb: memoryMb, confinement }: LaunchSpec,
  { idleProcessorMs }: SessionPolicy,
): UsageLimits {
  return { memoryMb, idleProcessorMs, processes: confinement ? maxProcesses : Infinity };
}

/** One that may start programs answers for them too. */
async function usageOfSession(
  pid: number | undefined,
  outermost: number | undefined,
  { confinement }: LaunchSpec,
  { mechanism }: ConfinedStart,
): Promise<Usage | undefined> {
  if (pid === undefined) return undefined;
  const hasNone = confinement?.needsChildren === false && mechanism !== 'none';
  return hasNone ? usageOf(pid) : usageOfTree(outermost ?? pid, maxProcesses);
}

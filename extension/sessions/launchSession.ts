import fs from 'node:fs/promises';
import path from 'node:path';
import { ResourceScope, toDisposable } from '../../server/shared/base/disposable.ts';
import type { CancelSignal, Clock, Platform } from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError, messageOf } from '../../server/shared/errors.ts';
import { defaultLimits } from '../../server/shared/protocol/limits.ts';
import type { Hello, Welcome } from '../../server/shared/protocol/hello.ts';
import { PROTOCOL_VERSION } from '../../server/shared/protocol/version.ts';
import { Connection, type UnseenFailure } from '../../server/shared/rpc/connection.ts';
import { typeNameOf, type PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import { PipeTransport } from '../../server/node/pipeTransport.ts';
import { SegmentFiles } from '../../server/node/segmentFiles.ts';
import { createWorkScope } from '../../server/node/workScope.ts';
import { confine, type ConfinedStart } from '../confinement/confine.ts';
import { isProgram } from '../confinement/findProgram.ts';
import { measured } from '../confinement/measured.ts';
import { abandonable } from './abandonable.ts';
import { within } from './endProcess.ts';
import { describeExit } from './exitReason.ts';
import { HostHold } from './hostHold.ts';
import type { LaunchSpec } from './launchSpec.ts';
import { sharedFolder } from './sharedFolder.ts';
import { usageOf, usageOfTree, type Usage } from './processUsage.ts';
import { UsageWatch } from './usageWatch.ts';
import type { SegmentFolders } from './segmentFolders.ts';
import { Session } from './session.ts';
import type { AnnounceSession } from './sessionEvents.ts';
import type { SessionPolicy } from './sessionPolicy.ts';
import { workerPid } from './workerPid.ts';
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
}

/** Starts a worker and waits for its hello. Throws `session.launch`; nothing is left behind then. */
export async function launchSession(
  spec: LaunchSpec,
  context: LaunchContext,
  signal: CancelSignal,
): Promise<Session> {
  const { id, platform, policy, announce, onOutput } = context;
  const scope = new ResourceScope();
  let worker: WorkerProcess | undefined;
  try {
    const segments = openSegments(scope, context);
    const { runtime = 'node', workerPath, memoryLimitMb } = spec;
    const searchPath = spec.environment['PATH'];
    const needs = { runtime, workerPath, memoryLimitMb, segments, searchPath };
    const confining = confine(workerCommand(spec), spec.confinement, needs);
    const start = await beforeDeadline(confining, policy.startTimeoutMs, platform.clock, signal);
    const process = (worker = scope.own(spawnOrRemove(spec, start, onOutput)));
    const hold = new HostHold(process, platform.clock);
    const road = scope.own(new SegmentFiles(undefined, 'host'));
    const activity = { isBusy: false };
    const connection = connect(process, scope, road, spec, context, isBusy => {
      activity.isBusy = isBusy;
      hold.setNeeded(isBusy);
    });
    const hello = await handshake(connection, process, policy.startTimeoutMs, platform, signal);
    const confinement = measured(hello, start, spec.confinement);
    const pid = await workerPid(process, start, hello);
    const shared = await sharedFolder(segments, start.mechanism, pid);
    if (shared !== undefined) road.open(shared);
    connection.sayWelcome({ ...(shared && { segments }), ...told(spec.passing) });
    hold.setNeeded(false);
    const usage = scope.own(
      new UsageWatch(
        () => usageOfSession(pid, process.pid, spec),
        { memoryMb: memoryLimitMb, idleProcessorMs: policy.idleProcessorMs },
        policy.usageCheckMs,
        platform.clock,
        () => (activity.isBusy ? undefined : connection.callsMade),
      ),
    );
    const { clock } = platform;
    return new Session({
      id,
      hello,
      pid: pid ?? hello.pid,
      confinement,
      process,
      hold,
      connection,
      usage,
      scope: scope.release(),
      policy,
      clock,
      announce,
      passing: spec.passing,
    });
  } catch (failure) {
    scope.dispose();
    if (worker) await within(policy.endStepMs, worker.gone, platform.clock);
    if (isGreenroomError(failure, 'session.unconfined')) throw failure;
    const cause = (await findObstacle(spec)) ?? failure;
    throw new GreenroomError('session.launch', `could not start a session: ${messageOf(cause)}`, {
      cause,
    });
  }
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

/** A tool that may start programs answers for them too. */
async function usageOfSession(
  pid: number | undefined,
  outermost: number | undefined,
  { confinement }: LaunchSpec,
): Promise<Usage | undefined> {
  if (pid === undefined) return undefined;
  return confinement?.needsChildren === false ? usageOf(pid) : usageOfTree(outermost ?? pid);
}

function openSegments(
  scope: ResourceScope,
  { id, segmentFolders }: LaunchContext,
): string | undefined {
  const folder = segmentFolders.open(id);
  if (folder !== undefined) scope.own(toDisposable(() => segmentFolders.remove(folder)));
  return folder;
}

/** Joins the worker's channels: frames, calls that wait, and shared memory where there is some. */
function connect(
  process: WorkerProcess,
  scope: ResourceScope,
  road: SegmentFiles,
  { passing }: LaunchSpec,
  { platform, policy, onUnseenFailure }: LaunchContext,
  onBusy: (isBusy: boolean) => void,
): Connection {
  const { maxFrameBytes } = defaultLimits;
  const connection = scope.own(
    new Connection(new PipeTransport(process.channel, maxFrameBytes), {
      platform,
      role: 'host',
      graceMs: policy.graceMs,
      road,
      onBusy,
      ...(passing && { policy: passing }),
    }),
  );
  scope.own(connection.onUnseenFailure(onUnseenFailure));
  connection.serveSync(new PipeTransport(process.syncChannel, maxFrameBytes), createWorkScope());
  return connection;
}

/** The rules as the worker gets to know them: by the names of classes. */
function told(policy: PassingPolicy | undefined): Pick<Welcome, 'types' | 'objects'> {
  if (!policy) return {};
  const { types, objects } = policy;
  const named = types.map(rule => ({ type: typeNameOf(rule), passing: rule.passing }));
  return { types: named, ...(objects && { objects }) };
}

const exitFollowsMs = 500;

/** What the operating system tells in words that help nobody, or not at all. */
async function findObstacle(spec: LaunchSpec): Promise<Error | undefined> {
  const { workerPath, executable, cwd } = spec;
  if (!(await canRead(workerPath))) {
    return new Error(`the worker ${workerPath} is missing; reinstalling Greenroom brings it back`);
  }
  if (!(await canRead(cwd))) return new Error(`the folder ${cwd} is not there any more`);
  if (path.isAbsolute(executable) && !(await isProgram(executable))) {
    const setting =
      spec.runtime === 'python' ? 'greenroom.python.interpreter' : 'greenroom.node.path';
    return new Error(`the program ${executable} cannot be run; is ${setting} right?`);
  }
  return undefined;
}

async function canRead(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.R_OK);
    return true;
  } catch {
    return false; // that it cannot is the answer
  }
}

/** Waits for the worker's hello, its end, the deadline or the signal, whichever is first. */
function handshake(
  connection: Connection,
  process: WorkerProcess,
  timeoutMs: number,
  { clock }: Platform,
  signal: CancelSignal,
): Promise<Hello> {
  const { promise, resolve, reject } = Promise.withResolvers<Hello>();
  const scope = new ResourceScope();
  scope.own(
    connection.onHello(hello => {
      if (hello.protocol === PROTOCOL_VERSION) return resolve(hello);
      reject(
        new GreenroomError(
          'protocol.version',
          `the worker speaks version ${hello.protocol} of the protocol, not ${PROTOCOL_VERSION}`,
        ),
      );
    }),
  );
  scope.own(
    connection.onEnd(({ error }) => {
      if (isGreenroomError(error, 'protocol.violation')) return reject(error);
      // Its exit, which follows in a moment, says more than the broken pipe.
      const cause = error ?? new Error('the worker closed its channel before it was ready');
      scope.own(clock.after(exitFollowsMs, () => reject(cause)));
    }),
  );
  scope.own(clock.after(timeoutMs, () => reject(new Error(`no hello within ${timeoutMs} ms`))));
  const onAbort = () => reject(new GreenroomError('session.closed', 'the start was given up'));
  signal.addEventListener('abort', onAbort, { once: true });
  scope.own({ dispose: () => signal.removeEventListener('abort', onAbort) });
  if (signal.aborted) onAbort();
  void process.exited.then(exit => {
    const { detail } = describeExit(exit, process.errorTail.mostTelling);
    reject(new Error(`its process ended before it was ready: ${detail}`));
  });
  return promise.finally(() => scope.dispose());
}

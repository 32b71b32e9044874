import { toDisposable, type ResourceScope } from '../../server/shared/base/disposable.ts';
import type { CancelSignal } from '../../server/shared/base/platform.ts';
import { defaultLimits } from '../../server/shared/protocol/limits.ts';
import type { Welcome } from '../../server/shared/protocol/hello.ts';
import { Connection } from '../../server/shared/rpc/connection.ts';
import type { SyncWork } from '../../server/shared/rpc/syncWork.ts';
import { typeNameOf, type PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import { BusyPoll } from '../../server/node/busyPoll.ts';
import { PipeTransport } from '../../server/node/pipeTransport.ts';
import { defaultSegmentLimits, SegmentFiles } from '../../server/node/segmentFiles.ts';
import { createWorkScope } from '../../server/node/workScope.ts';
import { handshake } from './handshake.ts';
import type { LaunchSpec } from './launchSpec.ts';
import { Session } from './session.ts';
import { sharedFolder } from './sharedFolder.ts';
import { settleIn, startProcess, type LaunchAttempt, type LaunchContext } from './startProcess.ts';
import { TimingBudget } from './timingBudget.ts';
import { workerPid } from './workerPid.ts';
import type { WorkerProcess } from './workerProcess.ts';

/** Of all sessions: what serves one that waits may call another, which waits then. */
export const syncWork = createWorkScope<SyncWork>();

/** Starts one of our workers and welcomes it. */
export async function launchWorker(
  spec: LaunchSpec,
  context: LaunchContext,
  attempt: LaunchAttempt,
  signal: CancelSignal,
): Promise<Session> {
  const { platform, policy } = context;
  const { scope } = attempt;
  const segments = openSegments(scope, context);
  const started = await startProcess(spec, segments, context, attempt, signal);
  const { process, start, hold } = started;
  const poll = new BusyPoll();
  const road = scope.own(new SegmentFiles(undefined, 'host', defaultSegmentLimits, poll));
  const activity = { isBusy: false };
  const transport = new PipeTransport(process.channel, defaultLimits.maxFrameBytes, poll);
  const connection = connect(transport, process, scope, road, spec, context, isBusy => {
    activity.isBusy = isBusy;
    hold.setNeeded(isBusy);
  });
  const hello = await handshake(connection, process, policy.startTimeoutMs, platform, signal);
  const pid = await workerPid(process, start, hello);
  const parts = settleIn(started, hello, pid, spec, context, attempt, () =>
    activity.isBusy ? undefined : connection.callsMade,
  );
  const shared = await sharedFolder(segments, start.mechanism, pid);
  if (shared !== undefined) road.open(shared);
  connection.sayWelcome({ ...(shared && { segments }), ...told(spec.passing) });
  hold.setNeeded(false);
  const { onFrame } = transport;
  const { passing } = spec;
  return new Session({ ...parts, scope: scope.release(), connection, onFrame, passing });
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
  transport: PipeTransport,
  process: WorkerProcess,
  scope: ResourceScope,
  road: SegmentFiles,
  { passing }: LaunchSpec,
  { platform, policy, onUnseenFailure, onHeldUp }: LaunchContext,
  onBusy: (isBusy: boolean) => void,
): Connection {
  const { timedCallsPerS } = policy;
  const budget = new TimingBudget(timedCallsPerS, platform.clock);
  const connection = scope.own(
    new Connection(transport, {
      platform,
      role: 'host',
      graceMs: policy.graceMs,
      heldUpMs: policy.heldUpMs,
      road,
      onBusy,
      ...(timedCallsPerS > 0 && { wantsTimes: () => budget.take() }),
      ...(passing && { policy: passing }),
    }),
  );
  connection.onUnseenFailure(onUnseenFailure); // not the scope's: some are told when that has ended
  scope.own(connection.onHeldUp(onHeldUp));
  const syncTransport = new PipeTransport(process.syncChannel, defaultLimits.maxFrameBytes);
  connection.serveSync(syncTransport, syncWork, () => process.channel.bytesRead);
  return connection;
}

/** The rules as the worker gets to know them: by the names of classes. */
function told(policy: PassingPolicy | undefined): Pick<Welcome, 'types' | 'objects'> {
  if (!policy) return {};
  const { types, objects } = policy;
  const named = types.map(rule => ({ type: typeNameOf(rule), passing: rule.passing }));
  return { types: named, ...(objects && { objects }) };
}

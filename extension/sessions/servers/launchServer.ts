import path from 'node:path';
import type { CancelSignal } from '../../../server/shared/base/platform.ts';
import { defaultLimits } from '../../../server/shared/protocol/limits.ts';
import { Connection } from '../../../server/shared/rpc/connection.ts';
import { PipeTransport } from '../../../server/node/pipeTransport.ts';
import { handshake } from '../handshake.ts';
import type { LaunchSpec } from '../launchSpec.ts';
import { settleIn, startProcess, type LaunchAttempt, type LaunchContext } from '../startProcess.ts';
import { workerPid } from '../workerPid.ts';
import { ServerChannel } from './serverChannel.ts';
import { ServerSession } from './serverSession.ts';

/**
 * Starts a process of ours that measures itself and says hello, and then becomes the server: it is the
 * same process, confined alike, with the same standard streams.
 */
export async function launchServer(
  spec: LaunchSpec,
  context: LaunchContext,
  attempt: LaunchAttempt,
  signal: CancelSignal,
): Promise<ServerSession> {
  const { platform, policy } = context;
  const started = await startProcess(spec, undefined, context, attempt, signal);
  const { process, start, hold } = started;
  const { input, output } = process.streams;
  const transport = new PipeTransport(process.channel, defaultLimits.maxFrameBytes);
  const connection = attempt.scope.own(new Connection(transport, { platform, role: 'host' }));
  const hello = await handshake(connection, process, policy.startTimeoutMs, platform, signal);
  const pid = await workerPid(process, start, hello);
  const activity = { waiting: 0, messages: 0 };
  const parts = settleIn(started, hello, pid, spec, context, attempt, () =>
    activity.waiting > 0 ? undefined : activity.messages,
  );
  const channel = new ServerChannel(input, output);
  connection.sayWelcome({});
  hold.setNeeded(false);
  const scope = attempt.scope.release();
  const server = spec.server!;
  const runtime = server.program === undefined ? parts.runtime : path.basename(server.program);
  return new ServerSession({ ...parts, runtime, scope, channel, server, activity, cwd: spec.cwd });
}

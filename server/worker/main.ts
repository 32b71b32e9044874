import net from 'node:net';
import process from 'node:process';
import { BlockingDescriptor } from '../node/blockingPipe.ts';
import { BusyPoll } from '../node/busyPoll.ts';
import { channels } from '../node/channels.ts';
import { nodePlatform } from '../node/nodePlatform.ts';
import { PipeTransport } from '../node/pipeTransport.ts';
import { defaultSegmentLimits, SegmentFiles } from '../node/segmentFiles.ts';
import { defaultLimits } from '../shared/protocol/limits.ts';
import { Connection } from '../shared/rpc/connection.ts';
import { createPolicy } from '../shared/rpc/values/policy.ts';
import type { Tool } from '../tools/contract.ts';
import { eslintTool } from '../tools/eslint/eslintTool.ts';
import { prettierTool } from '../tools/prettier/prettierTool.ts';
import { workerPowers } from './powers.ts';
import { sayHello } from './sayHello.ts';
import { UnseenFailures } from './unseenFailures.ts';
import { createWorkerRoot } from './workerRoot.ts';

async function main(tools: readonly Tool[]): Promise<void> {
  const { maxFrameBytes } = defaultLimits;
  const channel = new net.Socket({ fd: channels.main, readable: true, writable: true });
  const poll = new BusyPoll();
  const segments = new SegmentFiles(undefined, 'worker', defaultSegmentLimits, poll);
  const policy = createPolicy();
  const connection: Connection = new Connection(new PipeTransport(channel, maxFrameBytes, poll), {
    platform: nodePlatform,
    role: 'worker',
    root: createWorkerRoot(tools, workerPowers, () => connection.live),
    policy,
    road: segments,
    blockingPipe: new BlockingDescriptor(channels.sync, maxFrameBytes),
  });
  connection.onWelcome(({ types = [], objects, segments: folder }) => {
    policy.adopt({ types, objects });
    if (folder !== undefined) segments.open(folder);
  });
  const unseen = new UnseenFailures(nodePlatform.clock, line => process.stderr.write(line));
  connection.onUnseenFailure(failure => unseen.tell(failure));
  connection.onBye(() => {
    connection.dispose();
    connection.tellUnseen();
    process.exit(0); // a tool must not keep the process, by a timer or by what it does when it is cut off
  });
  connection.onEnd(({ error }) => leave(error));
  await sayHello(connection);
}

function leave(error: Error | undefined): void {
  if (!error) process.exit(0);
  const line = `Error: the connection to the host broke: ${error.message}\n`;
  process.stderr.write(line, () => process.exit(1));
}

void main([prettierTool, eslintTool]);

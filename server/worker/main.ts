import fs from 'node:fs';
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

/** Node's own: a tool may put something else in its place. */
const exit = process.exit.bind(process);

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
    try {
      connection.dispose();
      connection.tellUnseen();
    } finally {
      leave();
    }
  });
  connection.onEnd(({ error }) => leave(error));
  await sayHello(connection);
}

/** At once: a tool must not keep the process, by a timer or by what it does when it is cut off. */
function leave(error?: Error): void {
  const code = error ? 1 : 0;
  try {
    if (error) fs.writeSync(2, `Error: the connection to the host broke: ${error.message}\n`);
    exit(code);
  } finally {
    exit(code); // nobody reads that line, or a listener has thrown: none is called again
  }
}

void main([prettierTool, eslintTool]);

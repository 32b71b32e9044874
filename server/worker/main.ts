import net from 'node:net';
import process from 'node:process';
import { nodePlatform } from '../node/nodePlatform.ts';
import { PipeTransport } from '../node/pipeTransport.ts';
import { defaultLimits } from '../shared/protocol/limits.ts';
import { PROTOCOL_VERSION } from '../shared/protocol/version.ts';
import { Connection } from '../shared/rpc/connection.ts';
import type { Tool } from '../tools/contract.ts';
import { prettierTool } from '../tools/prettier/prettierTool.ts';
import { workerPowers } from './powers.ts';
import { createWorkerRoot } from './workerRoot.ts';

const channelDescriptor = 3;

function main(tools: readonly Tool[]): void {
  const channel = new net.Socket({ fd: channelDescriptor, readable: true, writable: true });
  const connection = new Connection(new PipeTransport(channel, defaultLimits.maxFrameBytes), {
    platform: nodePlatform,
    root: createWorkerRoot(tools, workerPowers),
  });
  // A tool that left a timer running must not keep the process.
  connection.onBye(() => process.exit(0));
  connection.onEnd(() => process.exit(0));
  connection.sayHello({
    protocol: PROTOCOL_VERSION,
    pid: process.pid,
    runtime: 'node',
    runtimeVersion: process.versions.node,
  });
}

main([prettierTool]);

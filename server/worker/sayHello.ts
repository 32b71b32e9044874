import process from 'node:process';
import { parseProbe, probeVariable, type Forbidden } from '../shared/protocol/confinement.ts';
import { PROTOCOL_VERSION } from '../shared/protocol/version.ts';
import type { Connection } from '../shared/rpc/connection.ts';

/** Measures how this process is confined, where the host asks for that, and tells the host who it is. */
export async function sayHello(connection: Connection): Promise<void> {
  const succeeded = await probeIfAsked();
  connection.sayHello({
    protocol: PROTOCOL_VERSION,
    pid: process.pid,
    runtime: 'node',
    runtimeVersion: process.versions.node,
    ...(succeeded && { succeeded }),
  });
}

/** What it could do; undefined when nobody asks. Tools do not find the question among their variables. */
async function probeIfAsked(): Promise<Forbidden[] | undefined> {
  const probe = parseProbe(process.env[probeVariable]);
  if (!probe) return undefined;
  delete process.env[probeVariable];
  const { probeSelf } = await import('./selfProbe.ts');
  return probeSelf(probe);
}

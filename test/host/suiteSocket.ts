import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import type { Scratch } from './scratch.ts';

/** What the shim in the extension host sends, one JSON object a line. */
type SuiteMessage =
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'ended'; readonly passed: boolean };

export type Verdict = 'passed' | 'failed' | 'vanished';

export interface SuiteSocket {
  readonly path: string;
  /** Vanished: the extension host went away without a word on how the suite ended. */
  readonly verdict: Promise<Verdict>;
}

export async function openSuiteSocket(scratch: Scratch): Promise<SuiteSocket> {
  const file = path.join(scratch.folder, 'suite.sock');
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const server = net.createServer(connection => {
    connection.on('error', () => resolve('vanished'));
    const lines = readline.createInterface({ input: connection });
    lines.on('line', line => {
      const message = JSON.parse(line) as SuiteMessage;
      if (message.kind === 'output') process[message.stream].write(message.text);
      else resolve(message.passed ? 'passed' : 'failed');
    });
    lines.on('close', () => resolve('vanished'));
  });
  server.listen(file).unref();
  await once(server, 'listening');
  return { path: file, verdict: promise };
}

import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { childPath } from '../paths.ts';
import { endProcess, ownProcess } from './ownProcess.ts';

/** A bare Node that echoes, over the kind of socket that Greenroom uses. */
export class Floor implements AsyncDisposable {
  private readonly child: ChildProcess;
  private readonly socket: Duplex;
  private missing = 0;
  private echoed = Promise.withResolvers<void>();

  constructor(private readonly bytes: Uint8Array) {
    const stdio = ['ignore', 'inherit', 'inherit', 'pipe'] as const;
    this.child = ownProcess(
      spawn(process.execPath, [childPath('echoChild.cjs')], { stdio: [...stdio] }),
    );
    this.socket = this.child.stdio[3] as Duplex;
    this.socket.on('data', ({ length }: Uint8Array) => {
      this.missing -= length;
      if (this.missing === 0) this.echoed.resolve();
    });
    // One that is ended while it writes leaves a broken socket behind.
    this.socket.on('error', error => this.echoed.reject(error));
  }

  echo(): Promise<void> {
    this.echoed = Promise.withResolvers();
    this.missing = this.bytes.length;
    this.socket.write(this.bytes);
    return this.echoed.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return endProcess(this.child);
  }
}

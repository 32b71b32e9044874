import { Buffer } from 'node:buffer';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { waitAwake } from '../children/waitAwake.mjs';
import { childPath } from '../paths.ts';
import { ownProcess } from './ownProcess.ts';

const memory = '/dev/shm';

/** A process that does the work of a few regimes and nothing else: what is left when Greenroom is taken away. */
export class Bare implements AsyncDisposable {
  private readonly child: ChildProcess;
  private readonly socket: Duplex;
  private readonly toThere: number;
  private readonly fromThere: number;

  constructor(private readonly size = 0) {
    const folder = fs.mkdtempSync(path.join(memory, 'bare-'));
    const open = (name: string) => fs.openSync(path.join(folder, name), 'w+');
    this.toThere = open('toThere');
    this.fromThere = open('fromThere');
    fs.rmSync(folder, { recursive: true }); // what is open stays, and goes with whoever has it open
    const args = [childPath('bareChild.mjs'), childPath('workload.mjs'), '4', '5', `${size}`];
    const stdio = ['ignore', 'inherit', 'inherit', 'pipe', this.toThere, this.fromThere] as const;
    this.child = ownProcess(spawn(process.execPath, args, { stdio: [...stdio] }));
    this.socket = this.child.stdio[3] as Duplex;
    this.socket.on('error', () => undefined); // it has ended, which is waited for
  }

  /** Has the module loaded, if it is not, and answers a call of it. */
  ping(): Promise<void> {
    return this.ask('p');
  }

  /** The work of `cpu_checksum`. */
  derive(): Promise<void> {
    return this.ask('d');
  }

  /** There and back through memory that both have open, into fresh memory on each side, waiting awake. */
  async echo(bytes: Uint8Array): Promise<Uint8Array> {
    fs.writeSync(this.toThere, bytes, 0, this.size, 0);
    const answered = this.ask('e');
    waitAwake();
    await answered;
    const echo = Buffer.allocUnsafeSlow(this.size);
    fs.readSync(this.fromThere, echo, 0, this.size, 0);
    return echo;
  }

  /** Lets it end by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.child, 'exit');
    this.socket.end();
    await exited;
    fs.closeSync(this.toThere);
    fs.closeSync(this.fromThere);
  }

  private async ask(what: string): Promise<void> {
    const answer = once(this.socket, 'data');
    this.socket.write(what);
    await answer;
  }
}

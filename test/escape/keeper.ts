import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Scene } from './scene.ts';

const program = path.resolve(import.meta.dirname, '../fixtures/hostile/keeper.py');

/** Has what Node cannot have: a terminal, and a socket for datagrams that has a path. */
export class Keeper {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private heard: string | undefined;
  readonly started: Promise<unknown>;
  terminal = '';

  constructor(
    python: string,
    readonly datagrams: string,
  ) {
    this.child = spawn(python, [program, datagrams], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface(this.child.stdout!);
    this.started = once(this.lines, 'line').then(([line]) => {
      this.terminal = String(line);
      this.lines.on('line', text => {
        if (text !== 'that is all') this.heard ??= text;
      });
    });
  }

  /** It answers when it has told everything that has arrived. */
  async harm(): Promise<string | undefined> {
    const answered = once(this.lines, 'line');
    this.child.stdin!.write('\n');
    await answered;
    return this.heard && `something of it arrived (${this.heard})`;
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}

export function whyNoKeeper({ keeper }: Scene): string | undefined {
  return keeper ? undefined : 'there is no Python to hold a terminal';
}

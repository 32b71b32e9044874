import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../support/sessions.ts';

/** Another process of the user: with secrets in its arguments, its environment, its memory and an open file. */
export class Bystander {
  private readonly child: ChildProcess;
  private before = '';

  constructor(cwd: string, secret: string, secretFile: string) {
    const file = fs.openSync(secretFile, 'r');
    this.child = spawn('/bin/sleep', ['3600'], {
      argv0: secret,
      cwd,
      env: { ESCAPE_SECRET: secret },
      stdio: ['ignore', 'ignore', 'ignore', file],
    });
    fs.closeSync(file);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Its environment lies below. */
  get stackEnd(): number {
    const maps = fs.readFileSync(`/proc/${this.pid}/maps`, 'utf8');
    const [, end = '0'] = /^\w+-(\w+) .*\[stack\]$/mu.exec(maps) ?? [];
    return Number.parseInt(end, 16);
  }

  /** A few bytes of its environment. */
  get environmentBytes(): number {
    return this.stackEnd - 60;
  }

  async started(): Promise<void> {
    while (!/^State:\tS/mu.test(this.read('status'))) await delay(5);
    this.before = this.state;
  }

  harm(): string | undefined {
    if (!isAlive(this.pid)) return 'another process was ended';
    try {
      return this.state === this.before ? undefined : 'another process was changed';
    } catch {
      return 'another process was ended'; // while it was looked at
    }
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  /** What it does, who traces it, how important it is, its bounds, its memory. */
  private get state(): string {
    const status = this.read('status').match(/^(?:TracerPid|Cpus_allowed|State):.*$/gmu);
    const nice = this.read('stat').split(') ')[1]?.split(' ')[16];
    const rest = ['limits', 'oom_score_adj', 'environ'].map(name => this.read(name));
    return JSON.stringify([status, nice, rest]);
  }

  private read(name: string): string {
    return fs.readFileSync(`/proc/${this.pid}/${name}`, 'latin1');
  }
}

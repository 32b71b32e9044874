import { randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { channels } from '../../server/node/channels.ts';
import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { filterDescriptor } from '../confinement/bubblewrap.ts';
import type { ConfinedStart } from '../confinement/confine.ts';
import type { Command } from '../confinement/confinementPlan.ts';
import { spawnApart } from '../confinement/spawnApart.ts';
import type { Holder } from './hostHold.ts';
import { hostVariable, leaveWill } from './lastWill.ts';
import type { LaunchSpec } from './launchSpec.ts';
import { endStrays, markVariable } from './strays.ts';
import { LineTail } from './lineTail.ts';

/** How a process ended. `error` means that it never ran. */
export interface ExitInfo {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

export type OutputListener = (stream: 'stdout' | 'stderr', line: string) => void;

/** A worker's operating system process, in a process group of its own. Disposing it kills the group. */
export class WorkerProcess implements DisposableLike, Holder {
  /** Resolves when the process is really gone; never rejects. */
  readonly exited: Promise<ExitInfo>;
  /** Resolves when nothing of what it has started is left either; never rejects. */
  readonly gone: Promise<void>;
  /** Last lines of standard error, for whoever must explain an end. */
  readonly errorTail = new LineTail();
  private hasExited = false;

  constructor(
    private readonly child: ChildProcess,
    { mechanism, remove }: Pick<ConfinedStart, 'mechanism' | 'remove'>,
    readonly channel: Socket,
    /** Where its calls come that it waits for. */
    readonly syncChannel: Socket,
    mark: string,
    onOutput: OutputListener,
  ) {
    this.exited = new Promise(resolve => {
      child.once('exit', (code, signal) => {
        resolve(mechanism === 'bubblewrap' ? exitInside(code, signal) : { code, signal });
      });
      // Also for a signal that could not be sent; that is no end of the process.
      child.on('error', error => {
        if (child.pid === undefined) resolve({ code: null, signal: null, error });
      });
    });
    void this.exited.then(() => (this.hasExited = true));
    this.gone = this.exited
      .then(() => endStrays(mark))
      .catch(() => undefined)
      .then(remove)
      .catch(() => undefined); // what cannot be removed is left to the system's own cleaning
    if (!child.stdin) forwardLines(child.stdout, line => onOutput('stdout', line));
    forwardLines(child.stderr, line => {
      this.errorTail.add(line);
      onOutput('stderr', line);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Standard input and output, of a process that has them for its messages. */
  get streams(): { readonly input: Writable; readonly output: Readable } {
    const { stdin, stdout } = this.child;
    if (stdin && stdout) return { input: stdin, output: stdout };
    throw new Error('its standard streams are the tool’s');
  }

  /** Keeps this program running until the process has gone and its last word was read. */
  ref(): void {
    this.child.ref();
    if (!this.channel.destroyed) this.channel.ref();
  }

  unref(): void {
    this.child.unref();
    const { stdin, stdout, stderr } = this.child;
    const streams = [this.channel, this.syncChannel, stdin, stdout, stderr] as (Socket | null)[];
    // One that has ended would wait for its connection.
    for (const stream of streams) if (stream?.destroyed === false) stream.unref();
  }

  terminate(): void {
    if (!this.hasExited) this.child.kill('SIGTERM');
  }

  /** Also after the process itself has gone: what it started may have stayed in its group. */
  killTree(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      const taskkill = path.join(
        process.env['SystemRoot'] ?? 'C:\\Windows',
        'System32',
        'taskkill.exe',
      );
      // Its failure means that the process is gone already.
      spawn(taskkill, ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' }).on('error', () => {});
      return;
    }
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group is empty: nothing is left to kill.
    }
  }

  dispose(): void {
    this.killTree();
    this.channel.destroy();
    this.syncChannel.destroy();
  }
}

/**
 * Starts the worker's process. A program that cannot run shows in `exited`; that the system has no
 * more descriptors or processes to give is thrown.
 */
export function spawnWorker(
  spec: LaunchSpec,
  start: ConfinedStart,
  onOutput: OutputListener,
): WorkerProcess {
  const { program, args, environment, filter, leftovers } = start;
  const mark = randomUUID();
  const child = spawnApart(program, args, {
    cwd: spec.cwd,
    env: {
      ...spec.environment,
      ...environmentFor(spec),
      ...environment,
      [markVariable]: mark,
      [hostVariable]: leaveWill(leftovers),
    },
    stdio: [
      spec.server ? 'pipe' : 'ignore',
      ...(['pipe', 'pipe', 'pipe', 'pipe'] as const),
      ...(filter ? (['pipe'] as const) : []),
    ],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let cause: Error | undefined;
  child.on('error', error => (cause = error));
  const channel = child.stdio?.[channels.main];
  const syncChannel = child.stdio?.[channels.sync];
  if (!channel || !syncChannel) {
    throw new Error('the system cannot start another process now', { cause });
  }
  if (filter) sendFilter(child, filter);
  return new WorkerProcess(child, start, channel as Socket, syncChannel as Socket, mark, onOutput);
}

/** The worker, as it is started where nothing confines it; `server` is what it is to become. */
export function workerCommand(spec: LaunchSpec, server?: Command): Command {
  const { runtime = 'node', memoryLimitMb, executable, workerPath } = spec;
  if (server) {
    const flags = ['--disable-warning=ExperimentalWarning']; // of becoming another program
    return { program: executable, args: [...flags, workerPath, server.program, ...server.args] };
  }
  // Python has no limit of its own for memory; it is watched from outside, as Node's is too. Its streams
  // are unbuffered, so that the last words of a tool that crashes are heard.
  const flags = runtime === 'python' ? ['-u'] : [`--max-old-space-size=${memoryLimitMb}`];
  return { program: executable, args: [...flags, workerPath] };
}

function environmentFor({ runtime = 'node' }: LaunchSpec): Readonly<Record<string, string>> {
  return runtime === 'node' ? { ELECTRON_RUN_AS_NODE: '1' } : {};
}

function sendFilter(child: ChildProcess, filter: Uint8Array): void {
  const stream = (child.stdio as readonly unknown[])[filterDescriptor] as Socket;
  stream.on('error', () => undefined); // it ended before it had read it, and that is heard of elsewhere
  stream.end(filter);
}

/** bubblewrap ends with a code that tells of the signal by which the process inside has ended. */
function exitInside(code: number | null, signal: NodeJS.Signals | null): ExitInfo {
  const number = (code ?? 0) - 128;
  const inner = Object.entries(os.constants.signals).find(([, value]) => value === number);
  return inner ? { code: null, signal: inner[0] as NodeJS.Signals } : { code, signal };
}

const maxLineLength = 2_000;

/** Lines of a tool's output; one without an end is cut, so that it cannot grow without bounds. */
function forwardLines(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/u);
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines) if (line !== '') onLine(line.slice(0, maxLineLength));
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest.slice(0, maxLineLength));
  });
  stream?.on('error', () => {
    // A broken output pipe ends with its process, and that is heard of elsewhere.
  });
}

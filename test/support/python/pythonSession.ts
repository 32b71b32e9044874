import { spawn, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { Duplex, Readable } from 'node:stream';
import path from 'node:path';
import { describe } from 'vitest';
import { channels } from '../../../server/node/channels.ts';
import { nodePlatform } from '../../../server/node/nodePlatform.ts';
import { PipeTransport } from '../../../server/node/pipeTransport.ts';
import { SegmentFiles } from '../../../server/node/segmentFiles.ts';
import { GreenroomError } from '../../../server/shared/errors.ts';
import type { Hello, Welcome } from '../../../server/shared/protocol/hello.ts';
import { defaultLimits } from '../../../server/shared/protocol/limits.ts';
import { Connection, type LiveCounts } from '../../../server/shared/rpc/connection.ts';
import { Project } from '../project.ts';
import { repository } from '../sessions.ts';
import type { Remote, RemoteResult } from '../remote.ts';

export const pythonMain = path.join(repository, 'server/python/main.py');

/** `python3` of the tests, or the interpreter that one is asked to test with. */
export const python = process.env['GREENROOM_TEST_PYTHON'] ?? 'python3';

const isThere = spawnSync(python, ['--version']).status === 0;

/** Tests that need an interpreter; where there is none, they are skipped and say why. */
export const describePython = isThere
  ? describe
  : (((name: string, ...rest: []) =>
      describe.skip(`${name} (there is no ${python} on the path)`, ...rest)) as typeof describe);

/** A program that the worker's package is asked to run instead of its own entry. */
export function supportProgram(name: string): string {
  return path.join(import.meta.dirname, name);
}

export interface PythonOptions {
  /** What the host says in its greeting. */
  readonly welcome?: Welcome;
  /** Whether there is shared memory. */
  readonly hasSegments?: boolean;
  readonly program?: string;
  readonly graceMs?: number;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A worker's process with nothing but its pipes. */
export class PythonProcess implements Disposable {
  private readonly child;
  private readonly printed = new EventEmitter();
  readonly output = { stdout: '', stderr: '' };
  readonly exited: Promise<Ending>;

  constructor(program = pythonMain, args: readonly string[] = []) {
    this.child = spawn(python, ['-u', program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONWARNINGS: 'error', PYTHONDONTWRITEBYTECODE: '1' },
    });
    this.collect('stdout', this.child.stdout);
    this.collect('stderr', this.child.stderr);
    this.exited = once(this.child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get channel(): Duplex {
    return this.child.stdio[channels.main] as Duplex;
  }

  get stdin() {
    return this.child.stdin;
  }

  /** The first match, past or to come, in what the process prints. */
  async prints(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output[stream]);
      if (found) return found;
      await once(this.printed, stream);
    }
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  [Symbol.dispose](): void {
    this.kill();
  }

  private collect(name: 'stdout' | 'stderr', stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.output[name] += text;
      this.printed.emit(name);
    });
  }
}

/** A Python worker and the host's end of the connection to it. */
export class PythonSession implements AsyncDisposable {
  readonly process: PythonProcess;
  readonly connection: Connection;
  readonly hello: Promise<Hello>;
  private readonly folder = new Project();
  private readonly segments: SegmentFiles;
  private readonly stuck: string[] = [];

  constructor(options: PythonOptions = {}) {
    const { welcome = {}, hasSegments = false, program, graceMs } = options;
    this.process = new PythonProcess(program);
    const folder = hasSegments ? this.folder.root : undefined;
    this.segments = new SegmentFiles(folder, 'host');
    this.connection = new Connection(
      new PipeTransport(this.process.channel, defaultLimits.maxFrameBytes),
      {
        platform: nodePlatform,
        role: 'host',
        road: this.segments,
        ...(graceMs !== undefined && { graceMs }),
      },
    );
    this.hello = new Promise(resolve => this.connection.onHello(resolve));
    this.connection.onStuck(how => this.stuck.push(how));
    this.connection.onEnd(({ error }) => {
      const message = error?.message ?? 'the worker has closed its channel';
      this.connection.fail(new GreenroomError('session.lost', message));
    });
    this.connection.sayWelcome({ ...welcome, ...(folder !== undefined && { segments: folder }) });
  }

  get root(): Remote<WorkerRoot> {
    return this.connection.root as Remote<WorkerRoot>;
  }

  /** A module by its file, or one of its objects; usable at once. */
  load<T>(file: string, name?: string): RemoteResult<T, 'reference'> {
    const args: [string, string?] = name === undefined ? [file] : [file, name];
    return this.root.load(...args) as unknown as RemoteResult<T, 'reference'>;
  }

  /** What both sides hold, the question itself not counted. */
  async live(): Promise<{ host: LiveCounts; worker: LiveCounts }> {
    const worker = await this.root.live();
    return { host: this.connection.live, worker };
  }

  /** How calls that were given up kept the worker busy. */
  get stuckCalls(): readonly string[] {
    return this.stuck;
  }

  get segmentNames(): string[] {
    return this.folder.entries;
  }

  /** Ends it as a host does that is done with it. */
  async end(): Promise<Ending> {
    this.connection.sayBye();
    return this.process.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.dispose();
    this.process.kill();
    await this.process.exited;
    this.segments.dispose();
    this.folder[Symbol.dispose]();
  }
}

interface WorkerRoot {
  load(file: string, name?: string): object;
  live(): LiveCounts;
  openTool(spec: unknown): object;
}

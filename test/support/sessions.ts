import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { nodePlatform } from '../../server/node/nodePlatform.ts';
import type { Platform } from '../../server/shared/base/platform.ts';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import type { SessionEvent } from '../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import { allowedEnvironment } from '../../extension/confinement/environment.ts';
import { toolConfinement } from '../../extension/features/toolConfinement.ts';
import { createLog } from '../../extension/log/log.ts';
import { hostVariable, leaveWill } from '../../extension/sessions/lastWill.ts';
import type { LaunchSpec } from '../../extension/sessions/launchSpec.ts';
import { SessionPool, type SessionRequest } from '../../extension/sessions/pool/sessionPool.ts';
import type { SegmentFolders } from '../../extension/sessions/segmentFolders.ts';
import { defaultPoolPolicy, type PoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import type { ShareKey } from '../../extension/sessions/shareKey.ts';
import { prettierPackages, type PrettierMajor } from './project.ts';

/** From here and from where the benchmarks are bundled alike. */
export const repository = path.resolve(import.meta.dirname, '../..');

export const workerPath = path.join(repository, 'dist/worker.cjs');

/** As it ships, with the launcher of confined processes beside it. */
export const builtPythonMain = path.join(repository, 'dist/python/main.py');

/** A program of ours that stands where the worker should be and misbehaves. */
export function badWorker(name: string): string {
  return path.join(repository, 'test/fixtures/workers', `${name}.cjs`);
}

/** A pool of real processes whose events and log lines are kept; shut down when disposed. */
export class TestPool implements AsyncDisposable {
  readonly events: SessionEvent[] = [];
  readonly logLines: string[] = [];
  readonly pool: SessionPool;
  private readonly lines = new EventEmitter();

  constructor(
    policy: Partial<PoolPolicy> = {},
    platform: Platform = nodePlatform,
    segmentFolders?: SegmentFolders,
  ) {
    const log = createLog((level, line) => {
      this.logLines.push(`${level} ${line}`);
      this.lines.emit('line');
    });
    this.pool = new SessionPool({
      platform,
      policy: { ...defaultPoolPolicy, ...policy },
      log,
      ...(segmentFolders && { segmentFolders }),
    });
    this.pool.onEvent(event => this.events.push(event));
  }

  /** The first event, past or to come, that the test is looking for. */
  async seen<K extends SessionEvent['kind']>(
    kind: K,
    matches: (event: Extract<SessionEvent, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<SessionEvent, { kind: K }>> {
    const isWanted = (event: SessionEvent): event is Extract<SessionEvent, { kind: K }> =>
      event.kind === kind && matches(event as Extract<SessionEvent, { kind: K }>);
    const past = this.events.find(isWanted);
    if (past) return past;
    const { promise, resolve } = Promise.withResolvers<Extract<SessionEvent, { kind: K }>>();
    const subscription = this.pool.onEvent(event => {
      if (isWanted(event)) resolve(event);
    });
    return promise.finally(() => subscription.dispose());
  }

  /** The first line of the log, past or to come, that matches. */
  async logged(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = this.logLines.map(line => pattern.exec(line)).find(match => match !== null);
      if (found) return found;
      await once(this.lines, 'line');
    }
  }

  /** Process ids of all sessions that ever became ready. */
  get pids(): number[] {
    return this.events.flatMap(event => (event.kind === 'ready' ? [event.pid] : []));
  }

  /** Those of them that still run. */
  get survivors(): number[] {
    return this.pids.filter(isAlive);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.shutDown();
  }
}

/** Whether a process runs; one that has ended and only waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX] /u.test(stat);
  } catch (error) {
    // Without /proc, the signal has told already.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !fs.existsSync('/proc/self');
  }
}

/** Processes that are there because of this one, whoever of them started them; only Linux tells. */
export function startedHere(): number[] {
  const mark = `${hostVariable}=${leaveWill()}`;
  const pids = fs.existsSync('/proc/self') ? fs.readdirSync('/proc').map(Number) : [];
  return pids.filter(pid => pid > 0 && environmentOf(pid).includes(mark) && isAlive(pid));
}

function environmentOf(pid: number): readonly string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return []; // it has ended, or belongs to somebody else
  }
}

export function sessionRequest(
  options: Partial<LaunchSpec> & { key?: string; tools?: readonly ToolSpec[] } = {},
): SessionRequest {
  const { key = 'test', tools = [], cwd = repository, ...launch } = options;
  return {
    key: key as ShareKey,
    label: key,
    tools,
    launch: {
      executable: process.execPath,
      workerPath,
      cwd,
      environment: allowedEnvironment(process.env),
      memoryLimitMb: 2_048,
      keepaliveMs: 60_000,
      ...launch,
    },
  };
}

/**
 * A session that runs its tools as users have them: confined as well as this machine can, or by the
 * mechanism that `GREENROOM_MECHANISM` names. Projects of the tests link to packages and plugins of this
 * repository.
 */
export function confinedRequest(
  options: Partial<LaunchSpec> & { key: string; cwd: string; tools: readonly ToolSpec[] },
): SessionRequest {
  const places = ['node_modules', 'test/fixtures', 'test/support'];
  const readableFolders = places.map(place => path.join(repository, place));
  const settings = { confinement: 'preferred', readableFolders, childProcesses: [] } as const;
  const mechanism = process.env['GREENROOM_MECHANISM'] as Mechanism | undefined;
  const wish = toolConfinement(options.tools, options.cwd, settings);
  const confinement = wish && { ...wish, ...(mechanism && { mechanism }) };
  return sessionRequest({ ...options, ...(confinement && { confinement }) });
}

export function prettierSpec(
  root: string,
  major: PrettierMajor = 3,
  options: Partial<ToolSpec> = {},
): ToolSpec {
  return {
    name: 'prettier',
    directory: prettierPackages[major].directory,
    origin: 'project',
    root,
    ignoreRoots: [root],
    trusted: true,
    ...options,
  };
}

import path from 'node:path';
import process from 'node:process';
import { misuse } from '../../server/shared/base/misuse.ts';
import { assertKnown } from '../../server/shared/rpc/callOptions.ts';
import { nodePlatform } from '../../server/node/nodePlatform.ts';
import { allowedEnvironment } from '../confinement/environment.ts';
import { createLog, type Log } from '../log/log.ts';
import { confinementOf } from './confinementOf.ts';
import { HostModules, ModuleGuard } from './hostModules.ts';
import type { LaunchSpec } from './launchSpec.ts';
import {
  findModule,
  LeasedModuleSession,
  nodeModules,
  pythonModules,
  type SessionModules,
} from './moduleSession.ts';
import type { ModuleSession } from './moduleSessionTypes.ts';
import {
  assertOpenSessionOptions,
  assertText,
  type ConfinementMode,
  type OpenSessionOptions,
} from './openSessionOptions.ts';
import { SegmentFolders } from './segmentFolders.ts';
import { assertPoolPolicy, defaultPoolPolicy, type PoolPolicy } from './pool/poolPolicy.ts';
import type { Session } from './session.ts';
import { SessionPool } from './pool/sessionPool.ts';
import type { ShareKey } from './shareKey.ts';

/** Opens sessions for modules of the caller's choice. */
export interface Greenroom extends AsyncDisposable {
  /**
   * Throws `session.conflict`, `session.launch`, `session.unconfined`, `session.unavailable`,
   * `session.moduleInHost`, `session.lost`, `tool.load`, `pool.closed` or `call.cancelled`.
   */
  readonly openSession: (options: OpenSessionOptions) => Promise<ModuleSession>;
  /** Ends every session; resolves when the last process is gone. */
  close(): Promise<void>;
}

export interface GreenroomOptions {
  /** The worker's bundle, `dist/worker.cjs`. */
  readonly workerPath: string;
  /** The entry of the Python worker; `python/main.py` beside the other if absent. */
  readonly pythonWorkerPath?: string;
  /** The Node that runs it; this process's own if absent. */
  readonly nodePath?: string;
  readonly log?: Log;
  /** Bounds of the pool that differ from {@link defaultPoolPolicy}. */
  readonly policy?: Partial<PoolPolicy>;
  /** The folder where large bytes cross, which should be memory; the machine's shared memory if absent. */
  readonly segmentFolder?: string;
}

const optionNames = new Set<keyof GreenroomOptions>([
  'workerPath',
  'pythonWorkerPath',
  'nodePath',
  'log',
  'policy',
  'segmentFolder',
]);

/** Throws a `TypeError` or `RangeError` that names the option, what was given and what it takes. */
function assertGreenroomOptions(options: GreenroomOptions): void {
  assertKnown('openGreenroom', options, optionNames);
  const { workerPath, pythonWorkerPath, nodePath, log, policy, segmentFolder } = options;
  assertText('workerPath', workerPath);
  if (pythonWorkerPath !== undefined) assertText('pythonWorkerPath', pythonWorkerPath);
  if (nodePath !== undefined) assertText('nodePath', nodePath);
  if (log !== undefined && typeof (log as Partial<Log> | null)?.child !== 'function') {
    throw misuse('log', log, 'what createLog makes');
  }
  if (segmentFolder !== undefined) assertText('segmentFolder', segmentFolder);
  if (policy !== undefined) assertPoolPolicy(policy);
}

/** Sessions on plain Node, without an editor. */
export function openGreenroom(options: GreenroomOptions): Greenroom {
  assertGreenroomOptions(options);
  const { workerPath, nodePath, log = silent, policy, segmentFolder } = options;
  const { pythonWorkerPath = path.join(path.dirname(workerPath), 'python/main.py') } = options;
  const pool = new SessionPool({
    platform: nodePlatform,
    policy: { ...defaultPoolPolicy, ...policy },
    log,
    ...(segmentFolder !== undefined && { segmentFolders: new SegmentFolders(segmentFolder) }),
  });
  const { openSession, dispose } = createSessionOpener(pool, {
    executable: nodePath ?? process.execPath,
    workerPath,
    pythonWorkerPath,
    environment: allowedEnvironment(process.env),
    confinement: () => 'preferred',
  });
  const close = async () => {
    try {
      await pool.shutDown();
    } finally {
      dispose();
    }
  };
  return { openSession, close, [Symbol.asyncDispose]: close };
}

interface LaunchBase extends Pick<LaunchSpec, 'executable' | 'workerPath' | 'environment'> {
  readonly pythonWorkerPath: string;
  /** What holds for sessions whose caller does not say. */
  readonly confinement: () => ConfinementMode;
}

/** The same over a pool that exists. */
export function createSessionOpener(pool: SessionPool, base: LaunchBase) {
  let hostModules: HostModules | undefined;
  const guards = new WeakMap<Session, ModuleGuard>();
  /** One for all who share the session. */
  const guardOf = (session: Session, modules: HostModules): ModuleGuard => {
    let guard = guards.get(session);
    if (!guard) {
      guard = new ModuleGuard(modules);
      guards.set(session, guard);
      session.guard(guard.leak);
    }
    return guard;
  };
  const known = (): HostModules => (hostModules ??= new HostModules());
  const modulesOf = ({ runtime }: OpenSessionOptions, session: Session): SessionModules =>
    runtime === 'python' ? pythonModules : nodeModules(guardOf(session, known()));
  return {
    openSession: async (options: OpenSessionOptions): Promise<ModuleSession> => {
      assertOpenSessionOptions(options);
      const { shareKey, runtime, module, signal } = options;
      if (runtime !== 'python') {
        if (module !== undefined) known().assertAbsent(findModule(module));
        known().lookSoon();
      }
      const launch = launchOf(options, base);
      const replicas = { min: 1, max: options.maxReplicas ?? 1 };
      const request = { key: keyOf(shareKey), label: shareKey, launch, tools: [], replicas };
      const lease = await pool.acquire(request, signal);
      try {
        const { id } = lease.session;
        const isThere = () => pool.sessions.some(session => session.id === id);
        const close = async () => {
          lease.session.dropCalls();
          if (isThere()) return pool.close(id);
          await lease.session.close({ kind: 'requested' }); // it is ending, or has ended
          await lease.session.gone;
        };
        const session = new LeasedModuleSession(lease, modulesOf(options, lease.session), close);
        if (module !== undefined) await session.load(module, undefined, signal);
        return session;
      } catch (error) {
        lease.release();
        throw error;
      }
    },
    dispose: () => hostModules?.dispose(),
  };
}

/** Keys of callers cannot be mistaken for those of the editor's own sessions. */
function keyOf(shareKey: string): ShareKey {
  return `module|${encodeURIComponent(shareKey)}` as ShareKey;
}

const fifteenMinutesMs = 15 * 60_000;

function launchOf(options: OpenSessionOptions, base: LaunchBase): LaunchSpec {
  const { cwd = process.cwd(), keepaliveMs = fifteenMinutesMs, memoryLimitMb = 2_048 } = options;
  const { types = [], objects } = options.policies ?? {};
  const hasPolicy = types.length > 0 || objects !== undefined; // one without is none
  const confinement = confinementOf(options, base.confinement());
  return {
    ...workerOf(options, base),
    environment: base.environment,
    cwd: path.resolve(cwd),
    keepaliveMs,
    memoryLimitMb,
    ...(confinement && { confinement }),
    ...(hasPolicy && { passing: { types, objects } }),
  };
}

function workerOf(
  { runtime, interpreter = 'python3' }: OpenSessionOptions,
  { executable, workerPath, pythonWorkerPath }: LaunchBase,
): Pick<LaunchSpec, 'runtime' | 'executable' | 'workerPath'> {
  return runtime === 'python'
    ? { runtime, executable: interpreter, workerPath: pythonWorkerPath }
    : { executable, workerPath };
}

const silent = createLog(() => undefined);

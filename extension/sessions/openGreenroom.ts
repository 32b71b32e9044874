import process from 'node:process';
import { nodePlatform } from '../../server/node/nodePlatform.ts';
import { GreenroomError } from '../../server/shared/errors.ts';
import type { PassingPolicy } from '../../server/shared/rpc/values/policy.ts';
import { allowedEnvironment } from '../confinement/environment.ts';
import { createLog, type Log } from '../log/log.ts';
import { HostModules, ModuleGuard } from './hostModules.ts';
import type { LaunchSpec } from './launchSpec.ts';
import { findModule, ModuleSession } from './moduleSession.ts';
import type { SegmentFolders } from './segmentFolders.ts';
import { defaultSessionPolicy } from './sessionPolicy.ts';
import type { Session } from './session.ts';
import { SessionPool } from './sessionPool.ts';
import type { ShareKey } from './shareKey.ts';

/** What a caller says about the session it wants. Everything but the key has a default. */
export interface OpenSessionOptions {
  /** Callers with the same key and the same options share a process; with others, they are told. */
  readonly shareKey: string;
  readonly runtime?: 'node';
  /** Loaded as soon as the session is there; the same as calling `load` first. */
  readonly module?: string;
  readonly cwd?: string;
  /** How objects cross, beyond their nature. */
  readonly policies?: Partial<PassingPolicy>;
  /** How long the session stays warm without callers; 0 ends it with the last. 15 minutes if absent. */
  readonly keepaliveMs?: number;
  /** Resident memory beyond which the session is ended, in MiB. 2,048 if absent. */
  readonly memoryLimitMb?: number;
  readonly signal?: AbortSignal;
}

/** Opens sessions for modules of the caller's choice. */
export interface Greenroom extends AsyncDisposable {
  /** Throws `session.conflict`, `session.launch`, `pool.closed`, `call.cancelled` or `session.moduleInHost`. */
  readonly openSession: (options: OpenSessionOptions) => Promise<ModuleSession>;
  /** Ends every session; resolves when the last process is gone. */
  close(): Promise<void>;
}

export interface GreenroomOptions {
  /** The worker's bundle, `dist/worker.cjs`. */
  readonly workerPath: string;
  /** The Node that runs it; this process's own if absent. */
  readonly nodePath?: string;
  readonly log?: Log;
  /** Where large bytes cross; the machine's shared memory if absent. */
  readonly segmentFolders?: SegmentFolders;
}

/** Sessions on plain Node, without an editor. */
export function openGreenroom(options: GreenroomOptions): Greenroom {
  const { workerPath, nodePath, log = silent, segmentFolders } = options;
  const pool = new SessionPool({
    platform: nodePlatform,
    policy: defaultSessionPolicy,
    log,
    ...(segmentFolders && { segmentFolders }),
  });
  const { openSession, dispose } = createSessionOpener(pool, {
    executable: nodePath ?? process.execPath,
    workerPath,
    environment: allowedEnvironment(process.env),
  });
  const close = async () => {
    await pool.shutDown();
    dispose();
  };
  return { openSession, close, [Symbol.asyncDispose]: close };
}

type LaunchBase = Pick<LaunchSpec, 'executable' | 'workerPath' | 'environment'>;

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
  return {
    openSession: async (options: OpenSessionOptions): Promise<ModuleSession> => {
      hostModules ??= new HostModules();
      const { shareKey, module, signal } = options;
      const request = {
        key: keyOf(shareKey),
        label: shareKey,
        launch: launchOf(options, base),
        tools: [],
      };
      if (module !== undefined) hostModules.assertAbsent(findModule(module));
      const lease = await pool.acquire(request, signal);
      try {
        const { id } = lease.session;
        const isThere = () => pool.sessions.some(session => session.id === id);
        const close = async () => {
          if (isThere()) await pool.close(id);
        };
        const session = new ModuleSession(lease, guardOf(lease.session, hostModules), close);
        if (module !== undefined) await session.load(module);
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
  if (shareKey === '') throw new GreenroomError('session.conflict', 'a share key cannot be empty');
  return `module|${encodeURIComponent(shareKey)}` as ShareKey;
}

const fifteenMinutesMs = 15 * 60_000;

function launchOf(options: OpenSessionOptions, base: LaunchBase): LaunchSpec {
  const { cwd = process.cwd(), keepaliveMs = fifteenMinutesMs, memoryLimitMb = 2_048 } = options;
  const { policies } = options;
  return {
    ...base,
    cwd,
    keepaliveMs: wholeNumber('keepaliveMs', keepaliveMs, 0),
    memoryLimitMb: wholeNumber('memoryLimitMb', memoryLimitMb, 64),
    ...(policies && { passing: { types: policies.types ?? [], objects: policies.objects } }),
  };
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`${name} is ${value}; it takes a whole number from ${least} on`);
}

const silent = createLog(() => undefined);

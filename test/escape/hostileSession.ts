import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SessionEvent } from '../../server/shared/protocol/events.ts';
import { GreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import { allowedEnvironment } from '../../extension/confinement/environment.ts';
import { defaultPoolPolicy, type PoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import type { Lease } from '../../extension/sessions/pool/lease.ts';
import type { AnyRemote } from '../../extension/sessions/toolHandle.ts';
import { sessionRequest, TestPool, workerPath } from '../support/sessions.ts';
import { comesTrue } from './comesTrue.ts';
import type { Scene } from './scene.ts';
import type { Tier } from './tiers.ts';

export type Runtime = 'node' | 'python';

/** What a hostile tool says of its deed. It is not to be believed. */
export type Answer =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'lost'; readonly why: string };

const deadlineMs = 8_000;
export const memoryLimitMb = 300;

/** A confined session that has loaded the hostile tool. */
export class HostileSession implements AsyncDisposable {
  private constructor(
    private readonly pool: TestPool,
    private readonly lease: Lease,
    private readonly tool: AnyRemote,
    secret: string,
  ) {
    const { id } = lease.session;
    const home = sharedMemories().find(folder => fs.existsSync(path.join(folder, id)));
    if (home === undefined) return;
    this.segments = path.join(home, id);
    this.neighbour = path.join(home, 'neighbour');
    fs.mkdirSync(this.neighbour, { mode: 0o700 });
    fs.writeFileSync(path.join(this.neighbour, 'segment'), secret);
  }

  static async open(
    tier: Tier,
    runtime: Runtime,
    scene: Scene,
    policy: Partial<PoolPolicy> = {},
  ): Promise<HostileSession> {
    const pool = new TestPool({
      ...defaultPoolPolicy,
      usageCheckMs: { busy: 50, idle: 100 },
      replacesLost: false,
      ...policy,
    });
    try {
      const lease = await pool.pool.acquire(requestFor(tier, runtime, scene));
      const root = lease.session.connection.root as AnyRemote;
      const tool = (await root['load']!(scene.toolFor(runtime))) as AnyRemote;
      return new HostileSession(pool, lease, tool, scene.secret);
    } catch (error) {
      await pool[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** As the machine knows it. */
  get pid(): number {
    return this.pool.pids[0]!;
  }

  /** The session's folder of shared memory, and another session's beside it. */
  readonly segments: string | undefined;
  readonly neighbour: string | undefined;

  get isUsable(): boolean {
    return this.lease.session.isUsable;
  }

  /** Why it has ended; undefined while it runs. */
  get end(): Extract<SessionEvent, { kind: 'closed' }>['reason'] | undefined {
    return this.pool.events.find(event => event.kind === 'closed')?.reason;
  }

  async attempt(deed: string, args: readonly unknown[]): Promise<Answer> {
    try {
      const run = this.tool['run']!.with({ deadlineMs });
      const answer = JSON.parse(String(await run(deed, JSON.stringify(args)))) as {
        value?: unknown;
        error?: string;
      };
      if (answer.error !== undefined) return { kind: 'refused', why: answer.error };
      return { kind: 'done', text: JSON.stringify(answer.value) ?? '' };
    } catch (error) {
      const why = error instanceof GreenroomError ? error.code : messageOf(error);
      return { kind: 'lost', why };
    }
  }

  /** Waits until it has been ended, at most so long. */
  ended(withinMs: number): Promise<boolean> {
    return comesTrue(() => this.end !== undefined, withinMs);
  }

  /** Waits until no file of its own is there any more, at most so long. */
  isRemoved(withinMs: number): Promise<boolean> {
    return comesTrue(() => !this.hasFiles, withinMs);
  }

  private get hasFiles(): boolean {
    if (this.segments !== undefined && fs.existsSync(this.segments)) return true;
    return fs.readdirSync(os.tmpdir()).some(name => name.startsWith('greenroom-scratch-'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lease.release();
    await this.pool[Symbol.asyncDispose]();
  }
}

/** Of this process, one for each pool that has opened sessions. */
function sharedMemories(): readonly string[] {
  const root = '/dev/shm';
  if (!fs.existsSync(root)) return [];
  const names = fs.readdirSync(root).filter(name => name.startsWith(`greenroom-${process.pid}-`));
  return names.map(name => path.join(root, name));
}

function requestFor({ mechanism, needsChildren }: Tier, runtime: Runtime, scene: Scene) {
  const isPython = runtime === 'python';
  return sessionRequest({
    key: `escape-${mechanism}-${runtime}`,
    cwd: scene.workspace,
    memoryLimitMb,
    ...(isPython && {
      runtime,
      executable: scene.python!,
      workerPath: path.join(path.dirname(workerPath), 'python/main.py'),
      // What it compiles of its own accord is no harm.
      environment: { ...allowedEnvironment(process.env), PYTHONDONTWRITEBYTECODE: '1' },
    }),
    confinement: {
      demands: [],
      workspace: scene.workspace,
      readable: [],
      needsChildren,
      needsScratch: true,
      mechanism,
    },
  });
}

import path from 'node:path';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { CancelSignal, CancelSource, Platform } from '../../../server/shared/base/platform.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type { CloseReason } from '../../../server/shared/protocol/events.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { LaunchSpec } from '../launchSpec.ts';
import type { ProcessSession } from '../processSession.ts';
import type { SessionNews } from '../sessionEvents.ts';

export interface SparesContext {
  readonly platform: Platform;
  readonly log: Log;
  readonly nextId: () => string;
  readonly announce: (id: string, news: SessionNews) => void;
  readonly onEnding: (end: Promise<void>) => void;
}

interface Spare {
  readonly id: string;
  readonly launch: LaunchSpec;
  readonly cancel: CancelSource;
  readonly starting: Promise<ProcessSession | undefined>;
  session: ProcessSession | undefined;
  endReason: CloseReason | undefined;
  expiry: DisposableLike | undefined;
}

type Launch = (id: string, launch: LaunchSpec, signal: CancelSignal) => Promise<ProcessSession>;

/**
 * Processes that are booted and belong to nobody, so that the next session of the same launch options
 * need not wait for one: most of all after a loss.
 */
export class Spares {
  private readonly spares = new Map<string, Spare>();

  constructor(
    private readonly launch: Launch,
    private readonly context: SparesContext,
  ) {}

  /** One that is ready; whoever takes it owns it. */
  take(launch: LaunchSpec): { readonly id: string; readonly session: ProcessSession } | undefined {
    const spare = launch.passing ? undefined : this.spares.get(kindOf(launch));
    if (!spare?.session?.isUsable) return undefined;
    this.forget(spare);
    return { id: spare.id, session: spare.session };
  }

  /** Boots one for these options, unless there is one; the oldest of others make room for it. */
  keep(launch: LaunchSpec, most: number): void {
    if (most === 0 || launch.keepaliveMs === 0 || launch.passing) return;
    if (this.spares.has(kindOf(launch))) return;
    const surplus = [...this.spares.values()].slice(0, Math.max(0, this.spares.size + 1 - most));
    for (const spare of surplus) this.end(spare, { kind: 'displaced' });
    this.boot(launch);
  }

  /** Whether it was one of these. */
  close(id: string, reason: CloseReason): boolean {
    const spare = [...this.spares.values()].find(candidate => candidate.id === id);
    if (spare) this.end(spare, reason);
    return spare !== undefined;
  }

  /** Those that were booted with what is there no more. */
  endLike(launch: LaunchSpec, reason: CloseReason): void {
    const spare = this.spares.get(kindOf(launch));
    if (spare) this.end(spare, reason);
  }

  endAll(reason: CloseReason): void {
    for (const spare of [...this.spares.values()]) this.end(spare, reason);
  }

  private boot(launch: LaunchSpec): void {
    const { platform, nextId, announce } = this.context;
    const id = nextId();
    announce(id, {
      kind: 'launching',
      key: 'spare',
      label: path.basename(launch.cwd),
      cause: 'spare',
    });
    const cancel = platform.createCancelSource();
    const starting = this.launch(id, launch, cancel.signal).catch((error: unknown) => {
      const reason = spare.endReason ?? { kind: 'launchFailed', detail: messageOf(error) };
      announce(id, { kind: 'closed', reason });
      this.forget(spare);
      return undefined;
    });
    const spare: Spare = {
      id,
      launch,
      cancel,
      starting,
      session: undefined,
      endReason: undefined,
      expiry: undefined,
    };
    this.spares.set(kindOf(launch), spare);
    const expire = () => this.end(spare, { kind: 'idle' });
    void starting.then(session => {
      if (!session) return;
      spare.session = session;
      if (spare.endReason) return;
      session.onDidClose(() => {
        if (this.forget(spare)) this.context.onEnding(session.gone);
      });
      spare.expiry = platform.clock.after(launch.keepaliveMs, expire);
    });
  }

  private end(spare: Spare, reason: CloseReason): void {
    if (!this.forget(spare)) return; // somebody has taken it
    spare.endReason = reason;
    spare.cancel.abort();
    const end = spare.starting.then(session => session?.close(reason));
    this.context.onEnding(end);
    runDetached(end, 'ending a spare session', this.context.log);
  }

  private forget(spare: Spare): boolean {
    spare.expiry?.dispose();
    const kind = kindOf(spare.launch);
    return this.spares.get(kind) === spare && this.spares.delete(kind);
  }
}

/** Equal options give processes that cannot be told apart. */
function kindOf(launch: LaunchSpec): string {
  return JSON.stringify(launch);
}

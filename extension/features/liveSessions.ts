import type * as vscode from 'vscode';
import { Emitter } from '../../server/shared/base/event.ts';
import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { unreachable } from '../../server/shared/base/unreachable.ts';
import type { Confinement } from '../../server/shared/protocol/confinement.ts';
import type { SessionEvent, ToolInfo } from '../../server/shared/protocol/events.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';
import { isWithin } from '../../server/node/isWithin.ts';

/** What a status needs to know of a live session. */
export interface LiveSession {
  readonly state: 'starting' | 'ready' | 'draining';
  readonly tool?: ToolInfo;
  readonly confinement?: Confinement;
}

/** Keeps up with the sessions of some tools, for those who show their state. */
export class LiveSessions implements vscode.Disposable {
  private readonly live = new Map<string, LiveSession>();
  private readonly emitter = new Emitter<void>();
  private readonly subscription: DisposableLike;

  /** Something has changed that is shown. */
  readonly onDidChange = this.emitter.event;

  constructor(
    private readonly pool: SessionPool,
    private readonly isMeant: (toolName: string) => boolean,
  ) {
    this.subscription = pool.onEvent(event => {
      if (this.follow(event)) this.emitter.fire();
    });
  }

  /** The session of the innermost folder that holds the file. */
  sessionOf(file: string): LiveSession | undefined {
    const holding = this.pool.sessions
      .flatMap(({ id, tools }) => tools.map(({ name, root }) => ({ id, name, root })))
      .filter(({ name, root }) => this.isMeant(name) && isWithin(file, root))
      .sort((a, b) => b.root.length - a.root.length);
    return holding[0] && this.live.get(holding[0].id);
  }

  dispose(): void {
    this.subscription.dispose();
    this.emitter.dispose();
  }

  private follow(event: SessionEvent): boolean {
    const known = this.live.get(event.session);
    switch (event.kind) {
      case 'launching':
        this.live.set(event.session, { state: 'starting' });
        return true;
      case 'ready':
        this.live.set(event.session, {
          ...known,
          state: 'ready',
          confinement: event.confinement,
        });
        return true;
      case 'draining':
        this.live.set(event.session, { ...known, state: 'draining' });
        return true;
      case 'toolOpened':
        this.live.set(event.session, { state: 'ready', ...known, tool: event.tool });
        return true;
      case 'closed':
        return this.live.delete(event.session);
      case 'adopted':
      case 'leases':
      case 'called':
      case 'slow':
      case 'suspended':
      case 'resumed':
        return false;
      default:
        return unreachable(event);
    }
  }
}

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import { isGreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import type { Confinement } from '../../server/shared/protocol/confinement.ts';
import type { CloseReason } from '../../server/shared/protocol/events.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';
import type { Lease } from '../sessions/pool/lease.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';
import type { ServerSession } from '../sessions/servers/serverSession.ts';
import { KeptDiagnostics } from './client/keptDiagnostics.ts';
import type { WarmUp } from './client/warmUp.ts';
import type { LanguageFile } from './languageFiles.ts';
import type { ServerTarget } from './serverTarget.ts';

/** What a person is told of a server. */
export type ServerState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running';
      /** Languages whose documents it formats. */
      readonly formats: ReadonlySet<string>;
      readonly confinement: Confinement;
    }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Whether it is not started for a while because it only got lost; the user is told of that elsewhere. */
export function isSuspended(state: ServerState): boolean {
  return state.kind === 'failed' && isGreenroomError(state.error, 'session.unavailable');
}

interface Running {
  readonly client: LanguageClient;
  readonly warmUp: WarmUp;
  readonly session: ServerSession;
  readonly ended: Promise<unknown>;
  /** Held while a document of the server is open; without it, the session's keepalive runs. */
  lease: Lease<ServerSession> | undefined;
}

export interface ServerClientParts {
  readonly pool: SessionPool;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps one language server at the service of the editor: starts it ahead of need or with the first
 * document, brings its successor to the same state when it is lost, and lets it rest when nobody needs it.
 */
export class ServerClient implements vscode.Disposable {
  private readonly diagnostics: KeptDiagnostics;
  private readonly changed = new Emitter<ServerState>();
  private readonly cancel = new AbortController();
  private readonly subscriptions: readonly DisposableLike[];
  private readonly repeated = new WeakSet<object>();
  private current: ServerState = { kind: 'stopped' };
  private starting: Promise<void> | undefined;
  private running: Running | undefined;

  readonly onDidChange = this.changed.event;

  constructor(
    private wanted: ServerTarget,
    private readonly parts: ServerClientParts,
  ) {
    const { entry, request } = wanted;
    this.diagnostics = new KeptDiagnostics(entry.name, parts.clock);
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument(document => {
        if (this.serves(document)) this.startDetached();
      }),
      vscode.workspace.onDidCloseTextDocument(document => {
        if (this.serves(document)) this.restIfUnused();
      }),
      parts.pool.onEvent(event => {
        const isNew = event.kind === 'launching' && event.key === request.key;
        // In a turn of its own: what is being launched is not to be had yet.
        if (isNew && event.cause === 'restart' && this.isWanted)
          setImmediate(() => this.startDetached());
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.used(document)),
      vscode.window.onDidChangeActiveTextEditor(editor => this.used(editor?.document)),
    ];
  }

  get target(): ServerTarget {
    return this.wanted;
  }

  get state(): ServerState {
    return this.current;
  }

  /** Whether a document is open that the server is told of. */
  get isWanted(): boolean {
    return vscode.workspace.textDocuments.some(document => this.serves(document));
  }

  serves(document: vscode.TextDocument): boolean {
    return vscode.languages.match(this.target.selector, document) > 0;
  }

  /** Who tells which problems may change while it runs; all else of the target is as it was. */
  update(target: ServerTarget): void {
    this.wanted = target;
  }

  /** Has it running. Resolves when it is, or has failed for now; never rejects. */
  start(): Promise<void> {
    this.starting ??= this.keepTrying().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Has it running and, while no document of it is open, read what it would read for this file. */
  async prewarm(file: LanguageFile | undefined): Promise<void> {
    await this.start();
    const { running } = this;
    if (!file || !running || this.isWanted) return;
    if (!(await this.hold(running))) return;
    try {
      await running.warmUp.begin(file, this.target.folders);
    } finally {
      this.restIfUnused();
    }
  }

  /** Awaits nothing. */
  startDetached(): void {
    runDetached(this.start(), 'starting a language server', this.parts.log);
  }

  /** Lets go of the server; ending its session is for whoever ends the client. */
  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.cancel.abort();
    this.tell({ kind: 'stopped' }); // whoever waits for it waits no longer
    this.changed.dispose();
    this.diagnostics.close();
    this.running?.lease?.release();
  }

  /** One that was closed, or only got lost, comes back as soon as somebody works with its documents. */
  private used(document: vscode.TextDocument | undefined): void {
    const mayTry = this.current.kind === 'stopped' || isSuspended(this.current);
    if (mayTry && document && this.serves(document)) this.startDetached();
  }

  private async keepTrying(): Promise<void> {
    const { signal } = this.cancel;
    try {
      while (!signal.aborted) {
        const { running } = this;
        if (!running) {
          if (this.current.kind !== 'starting') this.tell({ kind: 'starting' });
          await this.tryOnce();
        } else if (await this.hold(running)) {
          return this.restIfUnused();
        } else await running.ended; // it is on its way out
      }
    } catch (error) {
      if (!signal.aborted) this.tell({ kind: 'failed', error });
    }
  }

  /** Whether it succeeds is seen from `running`. Throws when there is no session to be had. */
  private async tryOnce(): Promise<void> {
    const { signal } = this.cancel;
    const lease = await this.lease();
    if (!lease) return;
    const { session } = lease;
    const ended = new Promise<CloseReason>(resolve => session.onDidClose(resolve));
    const lost = ended.then(({ kind, detail }) => Promise.reject<never>(new Error(detail ?? kind)));
    lost.catch(() => undefined); // after the start nobody waits for it
    const formats = new Set<string>();
    try {
      const { createClient } = await import('./client/connect.ts');
      const { client, warmUp, start } = createClient(session, this.target, {
        log: this.parts.log,
        diagnostics: this.diagnostics,
        sources: () => this.target.sources,
        succession: {
          isLost: () => !session.isUsable,
          next: token => this.successor(session, token),
          repeated: this.repeated,
        },
        onFormatted: documents => {
          for (const { language } of documents) if (language !== undefined) formats.add(language);
          if (this.running?.session === session) this.tellRunning(session, formats);
        },
      });
      void ended.then(() => client.dispose().catch(() => undefined)); // it has nothing left to stop
      await Promise.race([start(), lost]);
      this.diagnostics.renew();
      this.running = { client, warmUp, session, ended, lease };
      void ended.then(reason => this.ended(reason));
      this.tellRunning(session, formats);
    } catch (error) {
      // One that has ended tells better why.
      if (session.isUsable) session.giveUp(`its start failed: ${messageOf(error)}`);
      await ended;
      lease.release();
      signal.throwIfAborted();
    }
  }

  /** Undefined when a process could not be started: the pool decides when there is another try. */
  private async lease(): Promise<Lease<ServerSession> | undefined> {
    try {
      return await this.parts.pool.acquireServer(this.target.request, this.cancel.signal);
    } catch (error) {
      if (isGreenroomError(error, 'session.launch')) return undefined;
      throw error;
    }
  }

  /** Whether it is held: not one that is on its way out. */
  private async hold(running: Running): Promise<boolean> {
    if (running.lease) return running.session.isUsable;
    const lease = await this.lease();
    if (lease?.session === running.session && !running.lease) running.lease = lease;
    else lease?.release();
    return running.lease !== undefined;
  }

  private restIfUnused(): void {
    if (!this.running || this.isWanted) return;
    this.running.lease?.release();
    this.running.lease = undefined;
  }

  private ended({ kind }: CloseReason): void {
    this.running?.lease?.release();
    this.running = undefined;
    if (this.cancel.signal.aborted) return;
    // Closed on purpose, it comes back when it is used, unless another is there already.
    const isClosed = kind === 'shutdown' || (kind === 'requested' && !this.hasSession);
    if (this.isWanted && !isClosed) this.startDetached();
    else if (!this.starting) this.tell({ kind: 'stopped' });
  }

  private get hasSession(): boolean {
    const { key } = this.target.request;
    return this.parts.pool.sessions.some(session => session.key === key);
  }

  /** The client of another session than this one, once it runs. */
  private async successor(
    lost: ServerSession,
    token: vscode.CancellationToken | undefined,
  ): Promise<LanguageClient | undefined> {
    const isAwaited = this.running?.session === lost || this.current.kind === 'starting';
    if (isAwaited) await this.settled(token);
    const next = token?.isCancellationRequested ? undefined : this.running;
    return next?.session === lost ? undefined : next?.client;
  }

  private tellRunning({ confinement }: ServerSession, formats: ReadonlySet<string>): void {
    this.tell({ kind: 'running', formats: new Set(formats), confinement });
  }

  /** Resolves when it runs, will not for now, or nobody waits any more. */
  private async settled(token: vscode.CancellationToken | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const owned = [
      token?.onCancellationRequested(() => resolve()),
      this.onDidChange(({ kind }) => {
        if (kind !== 'starting') resolve();
      }),
    ];
    await promise;
    for (const subscription of owned) subscription?.dispose();
  }

  private tell(state: ServerState): void {
    this.current = state;
    // Nobody would take them back.
    if (state.kind === 'failed' || state.kind === 'stopped') this.diagnostics.clear();
    if (state.kind === 'failed' && !isSuspended(state)) {
      const server = this.target.entry.name;
      const error = messageOf(state.error);
      this.parts.log.warn('a language server did not start', { server, error });
    }
    this.changed.fire(state);
  }
}

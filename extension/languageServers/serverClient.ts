import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import { isGreenroomError, messageOf } from '../../server/shared/errors.ts';
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
      /** Whether it formats documents. */
      readonly formats: boolean;
      readonly confinement: Confinement;
    }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Running {
  readonly client: LanguageClient;
  readonly warmUp: WarmUp;
  readonly session: ServerSession;
  /** Held while a document of the server is open; without it, the session's keepalive runs. */
  lease: Lease<ServerSession> | undefined;
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
  private current: ServerState = { kind: 'stopped' };
  private starting: Promise<void> | undefined;
  private running: Running | undefined;
  /** Once it has been asked to initialise, nobody else can use it. */
  private session: ServerSession | undefined;
  private readonly repeated = new WeakSet<object>();

  readonly onDidChange = this.changed.event;

  constructor(
    readonly target: ServerTarget,
    private readonly pool: SessionPool,
    private readonly log: Log,
  ) {
    this.diagnostics = new KeptDiagnostics(target.entry.name);
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument(document => {
        if (this.serves(document)) this.startDetached();
      }),
      vscode.workspace.onDidCloseTextDocument(document => {
        if (this.serves(document)) this.restIfUnused();
      }),
      pool.onEvent(event => {
        const isNew = event.kind === 'launching' && event.key === target.request.key;
        if (isNew && event.cause === 'restart' && this.isWanted) this.startDetached();
      }),
    ];
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

  /** Has it running. Resolves when it is, or has failed for now; never rejects. */
  start(): Promise<void> {
    this.starting ??= this.keepTrying().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Has it running and, while no document of it is open, read what it would read for this file. */
  async prewarm(file: LanguageFile | undefined): Promise<void> {
    await this.start();
    if (file && this.running && !this.isWanted) await this.running.warmUp.begin(file);
  }

  /** Awaits nothing. */
  startDetached(): void {
    runDetached(this.start(), 'starting a language server', this.log);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.cancel.abort();
    this.tell({ kind: 'stopped' }); // whoever waits for it waits no longer
    this.changed.dispose();
    this.diagnostics.close();
    this.running?.lease?.release();
    const { session } = this;
    if (session && this.pool.sessions.some(({ id }) => id === session.id)) {
      runDetached(this.pool.close(session.id), 'ending a language server', this.log);
    }
  }

  private async keepTrying(): Promise<void> {
    const { signal } = this.cancel;
    if (signal.aborted) return;
    try {
      if (this.running) return await this.hold(this.running);
      this.tell({ kind: 'starting' });
      while (!this.running) await this.tryOnce();
      this.restIfUnused();
    } catch (error) {
      if (!signal.aborted) this.tell({ kind: 'failed', error });
    }
  }

  /** Whether it succeeds is seen from `running`. Throws when there is no session to be had. */
  private async tryOnce(): Promise<void> {
    const { signal } = this.cancel;
    const lease = await this.pool.acquireServer(this.target.request, signal);
    const { session } = lease;
    this.session = session;
    let formats = false;
    const ended = new Promise<CloseReason>(resolve => session.onDidClose(resolve));
    const lost = ended.then(({ kind, detail }) => Promise.reject<never>(new Error(detail ?? kind)));
    lost.catch(() => undefined); // after the start nobody waits for it
    try {
      const { createClient } = await import('./client/connect.ts');
      const { client, warmUp, start } = createClient(session, this.target, {
        log: this.log,
        diagnostics: this.diagnostics,
        succession: {
          isLost: () => !session.isUsable,
          next: token => this.successor(session, token),
          repeated: this.repeated,
        },
        onFormats: () => {
          formats = true;
          if (this.running?.session === session) this.tellRunning(session, formats);
        },
      });
      void ended.then(() => client.dispose().catch(() => undefined)); // it has nothing left to stop
      await Promise.race([start(), lost]);
      this.diagnostics.forgetClosed();
      this.running = { client, warmUp, session, lease };
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

  private async hold(running: Running): Promise<void> {
    if (running.lease) return;
    const lease = await this.pool.acquireServer(this.target.request, this.cancel.signal);
    if (lease.session === running.session && !running.lease) running.lease = lease;
    else lease.release(); // it has ended meanwhile, and that is heard of
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
    const isOver = kind === 'idle' || kind === 'shutdown';
    // Closed on purpose, it comes back with the next document, unless another is there already.
    const isClosed = kind === 'requested' && !this.hasSession;
    if (this.isWanted && !isOver && !isClosed) this.startDetached();
    else this.tell({ kind: 'stopped' });
  }

  private get hasSession(): boolean {
    return this.pool.sessions.some(({ key }) => key === this.target.request.key);
  }

  /** The client of another session than this one, once it runs. */
  private async successor(
    lost: ServerSession,
    token: vscode.CancellationToken | undefined,
  ): Promise<LanguageClient | undefined> {
    if (!this.running || this.running.session === lost) await this.settled(token);
    const next = token?.isCancellationRequested ? undefined : this.running;
    return next?.session === lost ? undefined : next?.client;
  }

  private tellRunning({ confinement }: ServerSession, formats: boolean): void {
    this.tell({ kind: 'running', formats, confinement });
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
    if (state.kind === 'failed' && !isGreenroomError(state.error, 'session.unavailable')) {
      const server = this.target.entry.name;
      this.log.warn('a language server did not start', { server, error: messageOf(state.error) });
    }
    this.changed.fire(state);
  }
}

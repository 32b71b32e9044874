import * as vscode from 'vscode';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';
import { findFileFor } from './languageFiles.ts';
import { isSuspended, ServerClient } from './serverClient.ts';
import { ServerNotices } from './serverNotices.ts';
import { ServerStatus } from './serverStatus.ts';
import type { ServerTarget } from './serverTarget.ts';
import { findWantedServers, type WantedParts } from './wantedServers.ts';

export interface LanguageServersParts extends WantedParts {
  readonly pool: SessionPool;
  readonly clock: Clock;
  readonly log: Log;
}

interface Kept {
  readonly client: ServerClient;
  readonly fingerprint: string;
  readonly owned: vscode.Disposable;
}

/** Keeps the language servers that the settings ask for: one for each folder, or as its entry says. */
export class LanguageServers implements vscode.Disposable {
  private readonly kept = new Map<string, Kept>();
  private readonly notices: ServerNotices;
  private readonly changed = new Emitter<void>();
  private readonly subscriptions: readonly vscode.Disposable[];
  private offers = '[]';
  private updating: Promise<void> | undefined;
  private isOutdated = false;
  private isOver = false;

  /** What servers do in the place of tools, in folders whose user prefers them, is something else now. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly parts: LanguageServersParts) {
    this.notices = new ServerNotices(parts.log);
    const again = () => this.updateDetached();
    this.subscriptions = [
      parts.configuration.onDidChange(again),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
    ];
  }

  get clients(): readonly ServerClient[] {
    return [...this.kept.values()].map(({ client }) => client);
  }

  /** Whether one formats all documents of the language, in a folder whose user prefers servers. */
  formats(languageId: string, folder: vscode.WorkspaceFolder): boolean {
    return this.preferred(folder).some(
      ({ state }) => state.kind === 'running' && state.formats.has(languageId),
    );
  }

  /** Whether one tells the problems of the document that this tool finds, where the user prefers servers. */
  tells(tool: string, document: vscode.TextDocument): boolean {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder) return false;
    return this.preferred(folder).some(client => {
      const { problems = [] } = client.target.entry.readyMade ?? {};
      const isRunning = client.state.kind === 'running';
      return isRunning && problems.includes(tool as never) && client.serves(document);
    });
  }

  /** Awaits nothing. */
  updateDetached(): void {
    runDetached(this.update(), 'finding language servers', this.parts.log);
  }

  /** Brings the servers in line with settings, folders and what is installed. */
  update(): Promise<void> {
    this.isOutdated = true;
    this.updating ??= this.updateUntilCurrent().finally(() => (this.updating = undefined));
    return this.updating;
  }

  /** Starts every server, whether a document of it is open or not. Resolves with how many run. */
  async prewarmAll(): Promise<number> {
    await this.update();
    await Promise.all(this.clients.map(client => client.start()));
    return this.clients.filter(({ state }) => state.kind === 'running').length;
  }

  dispose(): void {
    this.isOver = true;
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { owned } of this.kept.values()) owned.dispose(); // the pool ends all sessions
    this.kept.clear();
  }

  private async updateUntilCurrent(): Promise<void> {
    while (this.isOutdated && !this.isOver) {
      this.isOutdated = false;
      const { targets, problems } = await findWantedServers(this.parts);
      if (this.isOver) return;
      this.notices.tellProblems(problems);
      for (const id of this.kept.keys()) if (!targets.has(id)) this.drop(id);
      for (const [id, target] of targets) this.keep(id, target);
    }
  }

  /** One that would be the same goes on undisturbed. */
  private keep(id: string, target: ServerTarget): void {
    const fingerprint = fingerprintOf(target);
    const present = this.kept.get(id);
    if (present?.fingerprint === fingerprint) return present.client.update(target);
    this.drop(id);
    const { log } = this.parts;
    const client = new ServerClient(target, this.parts);
    const status = new ServerStatus(client);
    const subscription = client.onDidChange(state => {
      this.noteOffers();
      if (state.kind === 'failed' && !isSuspended(state)) {
        this.notices.tellFailure(target.entry.name, messageOf(state.error));
      }
    });
    const owned = vscode.Disposable.from(subscription, status, client);
    this.kept.set(id, { client, fingerprint, owned });
    runDetached(this.startAhead(client), 'starting a language server ahead of need', log);
  }

  /** For documents that are open, and for those that are there to be opened. */
  private async startAhead(client: ServerClient): Promise<void> {
    const { entry, folders } = client.target;
    if (client.isWanted) return client.start();
    const { prewarm } = this.parts.configuration.settingsFor(folders[0].uri);
    const file = prewarm ? await findFileFor(entry.selectors, folders) : undefined;
    if (file && this.clients.includes(client)) await client.prewarm(file);
  }

  private drop(id: string): void {
    const present = this.kept.get(id);
    if (!present) return;
    const { pool, log } = this.parts;
    this.kept.delete(id);
    present.owned.dispose();
    const { key } = present.client.target.request;
    runDetached(pool.end(key), 'ending a language server', log);
    this.noteOffers();
  }

  private noteOffers(): void {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const offers = folders.map(folder =>
      this.preferred(folder).map(({ state, target }) => [
        target.entry.name,
        state.kind === 'running',
        state.kind === 'running' ? [...state.formats] : [],
      ]),
    );
    const text = JSON.stringify(offers);
    if (text === this.offers) return;
    this.offers = text;
    this.changed.fire();
  }

  private preferred(folder: vscode.WorkspaceFolder): readonly ServerClient[] {
    const { preferredProvider } = this.parts.configuration.settingsFor(folder.uri);
    if (preferredProvider === 'tools') return [];
    return this.clients.filter(({ target }) =>
      target.folders.some(({ uri }) => isSame(uri, folder)),
    );
  }
}

function isSame(uri: vscode.Uri, folder: vscode.WorkspaceFolder): boolean {
  return uri.toString() === folder.uri.toString();
}

/** Equal for servers that cannot be told apart; who tells which problems may change while they run. */
function fingerprintOf({
  entry,
  folders,
  request,
  formattable,
  interpreter,
}: ServerTarget): string {
  const places = folders.map(({ uri }) => uri.toString());
  return JSON.stringify([entry, places, request, formattable, interpreter]);
}

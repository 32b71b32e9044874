import * as vscode from 'vscode';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionPool } from '../../sessions/sessionPool.ts';
import { formatRequest } from './formatRequest.ts';
import { bundledSelector, type FormattingProviders } from './formattingProviders.ts';
import type { PrettierTarget, PrettierTargets } from './prettierTargets.ts';

/** Of a longer document the warming would cost more than it saves. */
const warmableLength = 100_000;

/** Starts sessions ahead of need: for documents as they open, and for folders when asked. */
export class Prewarming implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly warmed = new WeakMap<Session, Set<string>>();

  constructor(
    private readonly pool: SessionPool,
    private readonly targets: PrettierTargets,
    private readonly providers: FormattingProviders,
    private readonly configuration: Configuration,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument(document => this.prewarmDocument(document)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.prewarmOpenDocuments()),
    ];
  }

  /** For what is open already when the extension starts; awaits nothing. */
  prewarmOpenDocuments(): void {
    for (const document of vscode.workspace.textDocuments) this.prewarmDocument(document);
  }

  /** Every folder's session and those of the open documents; resolves with how many are warm. */
  async prewarmAll(): Promise<number> {
    const folders =
      vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? [];
    const documents = vscode.workspace.textDocuments.filter(isOfThisWorkspace).filter(canFormat);
    const found = await Promise.all([
      ...folders.map(folder => this.targets.forFolder(folder)),
      ...documents.map(document => this.targets.forDocument(document)),
    ]);
    const targets = new Map(
      found.flatMap(target => (target ? [[target.request.key, target]] : [])),
    );
    await Promise.all([...targets.values()].map(target => this.prewarm(target)));
    return targets.size;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private prewarmDocument(document: vscode.TextDocument): void {
    if (!isOfThisWorkspace(document) || !canFormat(document)) return;
    if (!this.configuration.settingsFor(document.uri).prewarm) return;
    const warmed = this.targets
      .forDocument(document)
      .then(target => target && this.warmFor(document, target));
    runDetached(warmed, 'prewarming', this.log);
  }

  /** Once per language and session, with a document such as it will be asked to format. */
  private async warmFor(document: vscode.TextDocument, target: PrettierTarget): Promise<void> {
    const session = await this.prewarm(target);
    const warmed = this.warmed.get(session) ?? new Set();
    if (warmed.has(document.languageId)) return;
    this.warmed.set(session, warmed.add(document.languageId));
    const request = formatRequest(document);
    if (request.text.length > warmableLength) return;
    using lease = await this.pool.acquire(target.request);
    await lease.call({
      tool: target.tool,
      method: 'warm',
      args: [request],
      deadlineMs: target.settings.prettierTimeoutMs,
      subject: vscode.workspace.asRelativePath(document.uri),
    });
  }

  private async prewarm({ request, tool, location }: PrettierTarget): Promise<Session> {
    const session = await this.pool.prewarm(request);
    const { opened } = await session.openTool(tool);
    this.providers.addLanguages(location.root, opened.languageIds);
    return session;
  }
}

function canFormat(document: vscode.TextDocument): boolean {
  return vscode.languages.match(bundledSelector, document) > 0;
}

/** Files from elsewhere, the user's own settings among them, start a session when they need it. */
function isOfThisWorkspace({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'untitled' || vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

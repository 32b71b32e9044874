import * as vscode from 'vscode';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { formatRequest } from './formatRequest.ts';
import type { FormattingProviders } from './formattingProviders.ts';
import type { FormattingTarget, FormattingTargets } from './formattingTarget.ts';

/** Of a longer document the warming would cost more than it saves. */
const warmableLength = 100_000;

/** Starts sessions ahead of need: for documents as they open, and for folders when asked. */
export class Prewarming implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly warmed = new WeakMap<Session, Set<string>>();

  constructor(
    private readonly pool: SessionPool,
    private readonly targets: FormattingTargets,
    private readonly providers: FormattingProviders,
    private readonly configuration: Configuration,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.prewarmVisible()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.prewarmVisible()),
    ];
  }

  /** For the documents on screen; awaits nothing. Others may be open only for some extension. */
  prewarmVisible(): void {
    for (const document of this.visibleDocuments()) this.prewarmDocument(document);
  }

  /**
   * The sessions of every folder and of the documents on screen. Resolves with how many are warm;
   * throws the first failure only when none is.
   */
  async prewarmAll(): Promise<number> {
    const folders =
      vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? [];
    const found = await Promise.allSettled([
      ...folders.map(folder => this.targets.forFolder(folder)),
      ...this.visibleDocuments().map(document => this.targets.forDocument(document)),
    ]);
    const targets = found.flatMap(result =>
      result.status === 'fulfilled' && result.value ? [result.value] : [],
    );
    const distinct = new Map(targets.map(target => [target.request.key, target]));
    const warmed = await Promise.allSettled(
      [...distinct.values()].map(target => this.prewarm(target)),
    );
    const failure = [...found, ...warmed].find(result => result.status === 'rejected');
    const warm = warmed.filter(({ status }) => status === 'fulfilled').length;
    if (warm === 0 && failure) throw failure.reason;
    return warm;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private prewarmDocument(document: vscode.TextDocument): void {
    const { prewarm, keepaliveMs, sessionsEnabled } = this.configuration.settingsFor(document.uri);
    if (!prewarm || !sessionsEnabled || keepaliveMs === 0) return; // it would be gone before it is used
    const warmed = this.targets
      .forDocument(document)
      .then(target => target && this.warmFor(document, target));
    runDetached(warmed, 'prewarming', this.log);
  }

  /** Once per language and session, with a document such as it will be asked to format. */
  private async warmFor(document: vscode.TextDocument, target: FormattingTarget): Promise<void> {
    const session = await this.prewarm(target);
    const warmed = this.warmed.get(session) ?? new Set();
    this.warmed.set(session, warmed);
    const request = formatRequest(document);
    if (warmed.has(document.languageId) || request.text.length > warmableLength) return;
    warmed.add(document.languageId);
    for (const tool of target.tools) {
      await this.pool.call(target.request, {
        tool,
        method: 'warm',
        args: [request],
        deadlineMs: target.timeoutMs,
        subject: vscode.workspace.asRelativePath(document.uri),
      });
    }
  }

  private async prewarm({ request, tools, by }: FormattingTarget): Promise<Session> {
    const session = await this.pool.prewarm(request);
    for (const tool of tools) {
      const { opened } = await session.openTool(tool);
      this.providers.addLanguages(by.root, opened.languageIds);
    }
    return session;
  }

  private visibleDocuments(): vscode.TextDocument[] {
    return vscode.window.visibleTextEditors
      .map(({ document }) => document)
      .filter(isOfThisWorkspace)
      .filter(document => vscode.languages.match(this.providers.selector, document) > 0);
  }
}

/** Files from elsewhere, the user's own settings among them, start a session when they need it. */
function isOfThisWorkspace({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'untitled' || vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

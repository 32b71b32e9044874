import * as vscode from 'vscode';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import type { SessionPool } from '../../sessions/sessionPool.ts';
import { bundledSelector, type FormattingProviders } from './formattingProviders.ts';
import type { PrettierTarget, PrettierTargets } from './prettierTargets.ts';

/** Starts sessions ahead of need: for documents as they open, and for folders when asked. */
export class Prewarming implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];

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
    const documents = vscode.workspace.textDocuments.filter(canFormat);
    const found = await Promise.all([
      ...folders.map(folder => this.targets.forFolder(folder)),
      ...documents.map(document => this.targets.forDocument(document)),
    ]);
    const targets = new Map(
      found.flatMap(target => (target ? [[target.request.key, target]] : [])),
    );
    await Promise.all([...targets.values()].map(target => this.prewarm(target, [])));
    return targets.size;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private prewarmDocument(document: vscode.TextDocument): void {
    if (!canFormat(document) || !this.configuration.settingsFor(document.uri).prewarm) return;
    const warmed = this.targets
      .forDocument(document)
      .then(target => target && this.prewarm(target, [document.languageId]));
    runDetached(warmed, 'prewarming', this.log);
  }

  private async prewarm(target: PrettierTarget, languageIds: readonly string[]): Promise<void> {
    const { request, tool, location } = target;
    const session = await this.pool.prewarm(request);
    const { opened } = await session.openTool(tool);
    this.providers.addLanguages(location.root, opened.languageIds);
    if (languageIds.length === 0) return;
    using lease = await this.pool.acquire(request);
    await lease.call({ tool, method: 'warm', args: [languageIds] });
  }
}

function canFormat(document: vscode.TextDocument): boolean {
  return vscode.languages.match(bundledSelector, document) > 0;
}

import type { Remote } from 'comlink';
import * as vscode from 'vscode';
import type { DashboardHostApi, DashboardViewApi } from '../../server/shared/protocol/dashboard.ts';
import { commandIds, panelViewType } from '../contributions.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';
import { tellFailure } from '../log/tellFailure.ts';
import type { Recorder } from '../metrics/recorder.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';
import { openDoor } from './door.ts';
import { panelHtml } from './panelHtml.ts';
import { SnapshotFeed } from './snapshotFeed.ts';
import { takeSnapshot } from './snapshots.ts';
import { dashboardStrings } from './strings.ts';

export interface PanelParts {
  readonly extensionUri: vscode.Uri;
  readonly pool: SessionPool;
  readonly recorder: Recorder;
  readonly log: Log;
}

/** The performance panel: at most one in a window, opened by command or restored after a reload. */
export class PerformancePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | undefined;
  private readonly registration: vscode.Disposable;

  constructor(private readonly parts: PanelParts) {
    this.registration = vscode.window.registerWebviewPanelSerializer(panelViewType, this);
  }

  open(): void {
    if (this.panel) return this.panel.reveal();
    const title = vscode.l10n.t('Greenroom Performance');
    this.adopt(
      vscode.window.createWebviewPanel(panelViewType, title, vscode.ViewColumn.Active, {}),
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.panel) panel.dispose();
    else this.adopt(panel);
  }

  dispose(): void {
    this.registration.dispose();
    this.panel?.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    const { extensionUri, pool, recorder, log } = this.parts;
    const assets = vscode.Uri.joinPath(extensionUri, 'dist');
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.webview.options = { enableScripts: true, localResourceRoots: [assets] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'greenroom-light.svg'),
      dark: vscode.Uri.joinPath(media, 'greenroom-dark.svg'),
    };
    const feed = new SnapshotFeed(pool.onEvent, async () => {
      const snapshot = await takeSnapshot(recorder);
      // Not awaited: a panel that was just hidden answers only when it is shown again.
      if (this.panel === panel) runDetached(view.show(snapshot), 'drawing the panel', log);
    });
    const view: Remote<DashboardViewApi> = openDoor(panel.webview, this.hostApi(feed, panel));
    panel.onDidChangeViewState(() => feed.setLive(panel.visible));
    panel.onDidDispose(() => {
      feed.dispose();
      this.panel = undefined;
    });
    this.panel = panel;
    panel.webview.html = panelHtml(panel.webview, assets, dashboardStrings());
  }

  private hostApi(feed: SnapshotFeed, panel: vscode.WebviewPanel): DashboardHostApi {
    const { pool, recorder } = this.parts;
    return {
      attached: async () => feed.setLive(panel.visible),
      prewarm: async () => void (await vscode.commands.executeCommand(commandIds.prewarmSessions)),
      restart: session => this.tell(pool.restart(session), 'restarting a session'),
      close: session => this.tell(pool.close(session), 'closing a session'),
      resetStatistics: async () => {
        recorder.reset();
        feed.setLive(panel.visible);
      },
      showLog: async () => void (await vscode.commands.executeCommand(commandIds.showLog)),
    };
  }

  /** The panel itself shows no failures; the editor does. */
  private tell(work: Promise<void>, what: string): Promise<void> {
    return work.catch((error: unknown) => tellFailure(error, what, this.parts.log));
  }
}

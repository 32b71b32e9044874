import * as vscode from 'vscode';
import { settingsSection } from '../contributions.ts';
import type { Log } from '../log/log.ts';
import { haveSameSessions, readSettings, type Settings } from './settings.ts';

/** The settings as they are now, by place, and news of their changes. The only reader of VS Code's. */
export class Configuration implements vscode.Disposable {
  private readonly cache = new Map<string, Settings>();
  private readonly reported = new Set<string>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly edited = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  /** Any setting of ours has another value somewhere. */
  readonly onDidChange = this.edited.event;
  /** Sessions would now be started with other options than those which run. */
  readonly onDidChangeSessions = this.changed.event;

  constructor(private readonly log: Log) {
    this.subscriptions = [
      this.changed,
      this.edited,
      vscode.workspace.onDidChangeConfiguration(event => {
        if (!event.affectsConfiguration(settingsSection)) return;
        const before = [...this.cache];
        this.cache.clear();
        this.reported.clear();
        const hasStale = before.some(([place, settings]) => {
          const now = this.settingsFor(place === '' ? undefined : vscode.Uri.parse(place));
          return !haveSameSessions(settings, now);
        });
        if (hasStale) this.changed.fire();
        this.edited.fire();
      }),
    ];
  }

  /** Settings of the folder that holds the resource; the window's, when there is none. */
  settingsFor(resource?: vscode.Uri): Settings {
    const folder = resource && vscode.workspace.getWorkspaceFolder(resource);
    const key = folder?.uri.toString() ?? '';
    let settings = this.cache.get(key);
    if (!settings) {
      const source = vscode.workspace.getConfiguration(settingsSection, folder?.uri ?? null);
      settings = readSettings(source, ({ key: setting, message }) => this.report(setting, message));
      this.cache.set(key, settings);
    }
    return settings;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private report(key: string, reason: string): void {
    const setting = `${settingsSection}.${key}`;
    if (this.reported.has(setting)) return;
    this.reported.add(setting);
    this.log.warn('a setting cannot be used; its default is used instead', { setting, reason });
    const openSettings = vscode.l10n.t('Open Settings');
    void vscode.window
      .showWarningMessage(
        vscode.l10n.t(
          'The setting {0} cannot be used: {1}. Its default is used instead.',
          setting,
          reason,
        ),
        openSettings,
      )
      .then(choice => {
        if (choice) void vscode.commands.executeCommand('workbench.action.openSettings', setting);
      });
  }
}

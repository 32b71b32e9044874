import * as vscode from 'vscode';
import { commandIds, settingKeys, settingsSection } from '../contributions.ts';
import type { Log } from '../log/log.ts';

/** Tells the user what is wrong with language servers: each thing once. */
export class ServerNotices {
  private readonly told = new Set<string>();

  constructor(private readonly log: Log) {}

  /** What the settings ask for and cannot be had. */
  tellProblems(problems: readonly string[]): void {
    const fresh = problems.filter(problem => !this.told.has(problem));
    // What was mended may go wrong again.
    this.told.clear();
    for (const problem of problems) this.told.add(problem);
    for (const problem of fresh) this.log.warn('a language server cannot be used', { problem });
    const [first, ...others] = fresh;
    if (first === undefined) return;
    const more =
      others.length > 0 ? ` ${vscode.l10n.t('{0} more are in the log.', others.length)}` : '';
    const openSettings = vscode.l10n.t('Open Settings');
    void this.show(`${first}${more}`, openSettings).then(choice => {
      if (choice !== openSettings) return;
      const key = `${settingsSection}.${settingKeys.languageServers}`;
      void vscode.commands.executeCommand('workbench.action.openSettings', key);
    });
  }

  tellFailure(server: string, error: string): void {
    const text = vscode.l10n.t('{0} did not start: {1}', server, error);
    if (this.told.has(text)) return;
    this.told.add(text);
    void this.show(text);
  }

  private async show(text: string, ...choices: string[]): Promise<string | undefined> {
    const showLog = vscode.l10n.t('Show Log');
    const choice = await vscode.window.showWarningMessage(
      `Greenroom – ${text}`,
      ...choices,
      showLog,
    );
    if (choice === showLog) void vscode.commands.executeCommand(commandIds.showLog);
    return choice;
  }
}

import * as vscode from 'vscode';
import { messageOf } from '../../server/shared/toldErrors.ts';
import { commandIds } from '../contributions.ts';
import type { Log } from './log.ts';

/** Logs a failure and shows it, with a way to the log. Returns at once. */
export function tellFailure(error: unknown, what: string, log: Log): void {
  log.error(`${what} failed`, { error: messageOf(error) });
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showErrorMessage(`Greenroom: ${messageOf(error)}`, showLog).then(choice => {
    if (choice) void vscode.commands.executeCommand(commandIds.showLog);
  });
}

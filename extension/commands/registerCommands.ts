import * as vscode from 'vscode';
import { messageOf } from '../../server/shared/errors.ts';
import { commandIds } from '../contributions.ts';
import type { Log } from '../log/log.ts';
import { runDetached } from '../log/runDetached.ts';

type CommandHandlers = Readonly<Record<keyof typeof commandIds, () => unknown>>;

/** Registers every command; a failing one tells the user what happened and offers the log. */
export function registerCommands(handlers: CommandHandlers, log: Log): vscode.Disposable[] {
  const names = Object.keys(commandIds) as (keyof typeof commandIds)[];
  return names.map(name =>
    vscode.commands.registerCommand(commandIds[name], async () => {
      try {
        return await handlers[name]();
      } catch (error) {
        log.error('a command failed', { command: commandIds[name], error: messageOf(error) });
        // Not awaited: the command has ended, also while its message is still on screen.
        runDetached(tell(messageOf(error)), 'showing a message', log);
      }
    }),
  );
}

async function tell(message: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const choice = await vscode.window.showErrorMessage(`Greenroom: ${message}`, showLog);
  if (choice) await vscode.commands.executeCommand(commandIds.showLog);
}

import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import type { Log } from '../log/log.ts';
import { tellFailure } from '../log/tellFailure.ts';

type CommandHandlers = Readonly<Record<keyof typeof commandIds, () => unknown>>;

/** Registers every command; a failing one tells the user what happened and offers the log. */
export function registerCommands(handlers: CommandHandlers, log: Log): vscode.Disposable[] {
  const names = Object.keys(commandIds) as (keyof typeof commandIds)[];
  return names.map(name =>
    vscode.commands.registerCommand(commandIds[name], async () => {
      try {
        return await handlers[name]();
      } catch (error) {
        tellFailure(error, commandIds[name], log);
      }
    }),
  );
}

import * as vscode from 'vscode';

interface WithCommand {
  command?: vscode.Command | undefined;
}

/**
 * The commands of one server, under names of their own: those that servers choose are the same for two
 * servers of a kind, and some belong to the editor's own extensions.
 */
export class ServerCommands implements vscode.Disposable {
  /** By the server's name for it. */
  private readonly registered = new Map<string, vscode.Disposable>();

  constructor(
    /** Tells this server from every other. */
    private readonly owner: string,
    private readonly run: (command: string, args: readonly unknown[]) => Promise<unknown>,
  ) {}

  add(commands: readonly string[]): void {
    for (const command of commands) {
      if (this.registered.has(command)) continue;
      const run = (...args: unknown[]) => this.run(command, args);
      this.registered.set(command, vscode.commands.registerCommand(this.nameOf(command), run));
    }
  }

  /** Has what the server offers to do be done by it. */
  claim<T>(item: T): T {
    const { command } = item as WithCommand;
    if (typeof command === 'string') {
      if (this.registered.has(command)) Object.assign(item as object, this.renamed(item as never));
    } else if (command && this.registered.has(command.command)) {
      (item as WithCommand).command = this.renamed(command);
    }
    return item;
  }

  /** As the server has called it. */
  restore<T>(item: T): T {
    const { command } = item as WithCommand;
    const name = typeof command === 'object' && this.ownNameOf(command.command);
    if (command && name) (item as WithCommand).command = { ...command, command: name };
    return item;
  }

  dispose(): void {
    for (const registration of this.registered.values()) registration.dispose();
    this.registered.clear();
  }

  private renamed(command: vscode.Command): vscode.Command {
    return { ...command, command: this.nameOf(command.command) };
  }

  private nameOf(command: string): string {
    return `greenroom.server.${this.owner}.${command}`;
  }

  private ownNameOf(name: string): string | undefined {
    const prefix = this.nameOf('');
    return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
  }
}

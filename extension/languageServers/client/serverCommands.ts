import * as vscode from 'vscode';

const mostCommands = 1_000;

interface WithCommand {
  command?: vscode.Command | undefined;
}

/**
 * Commands of the editor that what a server offers may run: they show something, or ask for more. Any other
 * would let a confined server do what the editor may.
 */
const editorCommands: ReadonlySet<string> = new Set([
  'editor.action.goToLocations',
  'editor.action.peekLocations',
  'editor.action.rename',
  'editor.action.showReferences',
  'editor.action.triggerParameterHints',
  'editor.action.triggerSuggest',
]);

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
    private readonly refuse: (what: string) => void,
  ) {}

  add(commands: readonly string[]): void {
    for (const command of commands) {
      if (this.registered.has(command) || this.registered.size >= mostCommands) continue;
      const run = (...args: unknown[]) => this.run(command, args);
      this.registered.set(command, vscode.commands.registerCommand(this.nameOf(command), run));
    }
  }

  /**
   * Has what the server offers be done by the server; what it may not have done is taken away. Undefined
   * when nothing is left.
   */
  claim<T>(item: T): T | undefined {
    const { command } = item as WithCommand;
    // A code action of the older form is a command itself.
    if (typeof command === 'string') return this.renamed(item as never) as T | undefined;
    if (command) (item as WithCommand).command = this.renamed(command);
    return item;
  }

  /** Those of which something is left. */
  claimAll<T>(items: readonly T[]): T[] {
    return items.map(item => this.claim(item)).filter(item => item !== undefined);
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

  private renamed(command: vscode.Command): vscode.Command | undefined {
    const name = command.command;
    if (this.registered.has(name)) return { ...command, command: this.nameOf(name) };
    if (editorCommands.has(name) || this.ownNameOf(name) !== undefined) return command;
    this.refuse(`to run the editor's command ${name}`);
    return undefined;
  }

  private nameOf(command: string): string {
    return `greenroom.server.${this.owner}.${command}`;
  }

  private ownNameOf(name: string): string | undefined {
    const prefix = this.nameOf('');
    return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
  }
}

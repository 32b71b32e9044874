import type * as vscode from 'vscode';
import type { ServerEntry } from './serverEntry.ts';

/** Among the servers of a folder, who does what several could: the one that comes first in the list. */
export class Division {
  private readonly owners = new Map<string, string>();

  /** The server of the same kind that comes before this one; undefined when there is none. */
  other({ name, readyMade }: ServerEntry, folder: vscode.WorkspaceFolder): string | undefined {
    if (readyMade?.kind === undefined) return undefined;
    const owner = this.claim(folder, readyMade.kind, name);
    return owner === name ? undefined : owner;
  }

  /** Languages that this server would format too, and leaves to one before it. */
  formattedBefore(
    { name, readyMade, selectors }: ServerEntry,
    folder: vscode.WorkspaceFolder,
  ): ReadonlySet<string> {
    const languages = selectors.flatMap(({ language }) => language ?? []);
    // Of a server that nobody knows it shows only when it runs.
    if (!readyMade?.formats) return new Set();
    return new Set(languages.filter(one => this.claim(folder, `format ${one}`, name) !== name));
  }

  private claim({ uri }: vscode.WorkspaceFolder, what: string, name: string): string {
    const key = `${uri.toString()} ${what}`;
    const owner = this.owners.get(key) ?? name;
    this.owners.set(key, owner);
    return owner;
  }
}

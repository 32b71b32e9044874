import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { homeFolder } from '../confinement/homeFolder.ts';
import { projectRootOf } from '../confinement/projectRoot.ts';
import type { Log } from '../log/log.ts';
import { isWithin } from '../../server/node/isWithin.ts';
import { runDetached } from '../log/runDetached.ts';
import { watchFiles } from './staleSessions.ts';

/**
 * Watches files in the folders above those of the workspace, as far up as the project reaches: a package
 * of a monorepo that is opened alone is configured there, and the editor's own watching ends below.
 */
export class FoldersAbove implements vscode.Disposable {
  private watchers = vscode.Disposable.from();
  private readonly subscription: vscode.Disposable;
  private looks = 0;

  constructor(
    private readonly names: string,
    private readonly onChange: (file: string) => void,
    private readonly log: Log,
  ) {
    this.subscription = vscode.workspace.onDidChangeWorkspaceFolders(() => this.begin());
  }

  /** Finds out where they are: not while the extension is activated, which others wait for. */
  begin(): void {
    runDetached(this.look(), 'watching the folders above', this.log);
  }

  dispose(): void {
    this.looks++;
    this.subscription.dispose();
    this.watchers.dispose();
  }

  private async look(): Promise<void> {
    const look = ++this.looks;
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const local = folders.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
    const above = (await Promise.all(local.map(foldersAbove))).flat();
    if (look !== this.looks) return; // they have changed meanwhile
    this.watchers.dispose();
    this.watchers = vscode.Disposable.from(
      ...[...new Set(above)].map(folder => {
        const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), this.names);
        return watchFiles(pattern, this.onChange);
      }),
    );
  }
}

async function foldersAbove(folder: string): Promise<readonly string[]> {
  // Whichever way the user's folders are reached, theirs is not climbed past.
  const homes = [os.homedir(), await homeFolder()];
  const tops = await Promise.all(homes.map(home => projectRootOf(folder, home)));
  const top = tops.find(one => tops.every(other => isWithin(one, other))) ?? folder;
  const above: string[] = [];
  for (let place = folder; place !== top; place = above.at(-1)!) above.push(path.dirname(place));
  return above;
}

import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Configuration } from '../../config/configuration.ts';
import type { LaunchBase } from '../toolSession.ts';
import type { FormattingTarget, FormattingTargets } from './formattingTarget.ts';
import { locatePrettier } from './locatePrettier.ts';
import { prettierSession } from './prettierSession.ts';

/** Finds the Prettier for documents and folders, under the settings and the trust of this moment. */
export class PrettierTargets implements FormattingTargets {
  constructor(
    private readonly configuration: Configuration,
    private readonly launchBase: LaunchBase,
    private readonly bundledDirectory: string,
  ) {}

  /** Undefined when the user's settings leave no Prettier for it. Throws `tool.notFound`. */
  forDocument(document: vscode.TextDocument): Promise<FormattingTarget | undefined> {
    const folder = folderOf(document);
    const from =
      document.uri.scheme === 'file' ? path.dirname(document.uri.fsPath) : folder?.uri.fsPath;
    return this.find(from ?? os.homedir(), folder);
  }

  forFolder(folder: vscode.WorkspaceFolder): Promise<FormattingTarget | undefined> {
    return this.find(folder.uri.fsPath, folder);
  }

  private async find(
    from: string,
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<FormattingTarget | undefined> {
    const settings = this.configuration.settingsFor(folder?.uri);
    if (!settings.prettierEnabled) return undefined;
    // Trust is given to folders; what lies above a file outside of them was never asked about.
    const trusted = vscode.workspace.isTrusted && folder !== undefined;
    const location = await locatePrettier({
      from,
      folder: folder?.uri.fsPath,
      explicitPath: settings.prettierPath,
      source: settings.prettierSource,
      bundledDirectory: this.bundledDirectory,
      trusted,
    });
    if (!location) return undefined;
    const { request, tool } = prettierSession(location, settings, trusted, this.launchBase);
    const { version, origin, root } = location;
    return {
      by: { name: tool.name, version, origin, root },
      request,
      tools: [tool],
      timeoutMs: settings.prettierTimeoutMs,
    };
  }
}

/** The document's folder; for one that was never saved, the window's only folder. */
function folderOf(document: vscode.TextDocument): vscode.WorkspaceFolder | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (folder?.uri.scheme === 'file') return folder;
  if (document.uri.scheme !== 'untitled') return undefined;
  const local = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? [];
  return local.length === 1 ? local[0] : undefined;
}

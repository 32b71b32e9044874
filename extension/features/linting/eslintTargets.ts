import path from 'node:path';
import * as vscode from 'vscode';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Settings } from '../../config/settings.ts';
import type { SessionRequest } from '../../sessions/pool/sessionPool.ts';
import { toolSession, type LaunchBase } from '../toolSession.ts';
import { locateESLint, type ESLintLocation } from './locateESLint.ts';

/** Everything needed to lint one document: which ESLint, in which session, for how long. */
export interface ESLintTarget {
  readonly location: ESLintLocation;
  readonly request: SessionRequest;
  readonly tool: ToolSpec;
  readonly timeoutMs: number;
}

/** Why a document is not linted. */
export type NotLinted =
  | 'disabled' // the settings say so
  | 'otherExtension' // the ESLint extension does it
  | 'noESLint' // the project has none
  | 'restricted'; // no trust, and all of ESLint's configuration is code

const otherExtension = 'dbaeumer.vscode-eslint';

/** Finds the ESLint for documents and folders, under the settings and the trust of this moment. */
export class ESLintTargets {
  constructor(
    private readonly configuration: Configuration,
    private readonly launchBase: LaunchBase,
  ) {}

  settingsFor(document: vscode.TextDocument): Settings {
    return this.configuration.settingsFor(document.uri);
  }

  /** Whether it is a document of a kind that is linted at all: a file of this workspace. */
  isMeant(document: vscode.TextDocument): boolean {
    const { uri, languageId } = document;
    if (uri.scheme !== 'file' || !vscode.workspace.getWorkspaceFolder(uri)) return false;
    return this.settingsFor(document).eslintValidate.includes(languageId);
  }

  /** Throws `tool.notFound` when the user named an ESLint that is not there. */
  async forDocument({ uri }: vscode.TextDocument): Promise<ESLintTarget | NotLinted> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder ? this.find(path.dirname(uri.fsPath), folder) : 'disabled';
  }

  async forFolder(folder: vscode.WorkspaceFolder): Promise<ESLintTarget | NotLinted> {
    return this.find(folder.uri.fsPath, folder);
  }

  private async find(
    from: string,
    folder: vscode.WorkspaceFolder,
  ): Promise<ESLintTarget | NotLinted> {
    const settings = this.configuration.settingsFor(folder.uri);
    if (settings.eslintEnable === 'off') return 'disabled';
    if (settings.eslintEnable === 'auto' && vscode.extensions.getExtension(otherExtension)) {
      return 'otherExtension';
    }
    if (!vscode.workspace.isTrusted) return 'restricted';
    const location = await locateESLint({
      from,
      folder: folder.uri.fsPath,
      explicitPath: settings.eslintPath,
      workingDirectories: settings.eslintWorkingDirectories,
    });
    if (!location) return 'noESLint';
    const { directory, version, root } = location;
    const tool: ToolSpec = {
      name: 'eslint',
      directory,
      origin: 'project',
      root,
      ignoreRoots: [],
      trusted: true,
    };
    return {
      location,
      tool,
      request: toolSession(tool, version, settings, this.launchBase),
      timeoutMs: settings.eslintTimeoutMs,
    };
  }
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Settings } from '../../config/settings.ts';
import type { ServersAtWork } from '../serversAtWork.ts';
import { toolSession, type LaunchBase } from '../toolSession.ts';
import type { LintTarget, LintTargets, NotLinted } from './lintTarget.ts';
import { locateESLint } from './locateESLint.ts';

const otherExtension = 'dbaeumer.vscode-eslint';

/** Finds the ESLint for documents and folders, under the settings and the trust of this moment. */
export class ESLintTargets implements LintTargets {
  constructor(
    private readonly configuration: Configuration,
    private readonly launchBase: LaunchBase,
    private readonly servers: ServersAtWork,
  ) {}

  runsOnType(document: vscode.TextDocument): boolean {
    return this.settingsFor(document).eslintRun === 'onType';
  }

  /** Whether it is a document of a kind that is linted at all: a file of this workspace. */
  isMeant(document: vscode.TextDocument): boolean {
    const { uri, languageId } = document;
    if (uri.scheme !== 'file' || !vscode.workspace.getWorkspaceFolder(uri)) return false;
    if (this.servers.tells('eslint', document)) return false;
    return this.settingsFor(document).eslintValidate.includes(languageId);
  }

  /** Throws `tool.notFound` when the user named an ESLint that is not there. */
  async forDocument({ uri }: vscode.TextDocument): Promise<LintTarget | NotLinted> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder ? this.find(path.dirname(uri.fsPath), folder) : 'disabled';
  }

  async forFolder(folder: vscode.WorkspaceFolder): Promise<LintTarget | NotLinted> {
    return this.find(folder.uri.fsPath, folder);
  }

  private async find(
    from: string,
    folder: vscode.WorkspaceFolder,
  ): Promise<LintTarget | NotLinted> {
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
      by: { name: 'eslint', version, root },
      tool,
      request: toolSession(tool, version, settings, this.launchBase),
      timeoutMs: settings.eslintTimeoutMs,
    };
  }

  private settingsFor(document: vscode.TextDocument): Settings {
    return this.configuration.settingsFor(document.uri);
  }
}

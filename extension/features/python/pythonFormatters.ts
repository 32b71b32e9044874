import * as vscode from 'vscode';
import type { Configuration } from '../../config/configuration.ts';
import type { FormattingTarget, FormattingTargets } from '../formatting/formattingTarget.ts';
import type { PythonInterpreters } from './pythonInterpreter.ts';
import { pythonSession, type PythonLaunchBase } from './pythonSession.ts';

/** The formatters of Python that the user has chosen, run by the folder's own interpreter. */
export class PythonFormatters implements FormattingTargets {
  constructor(
    private readonly configuration: Configuration,
    private readonly launchBase: PythonLaunchBase,
    private readonly interpreters: PythonInterpreters,
  ) {}

  /** They run code of the project's environment: none outside of a trusted folder. */
  async forDocument(document: vscode.TextDocument): Promise<FormattingTarget | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    const settings = this.configuration.settingsFor(folder?.uri);
    const names = settings.pythonFormatters;
    if (!vscode.workspace.isTrusted || folder?.uri.scheme !== 'file' || names.length === 0) {
      return undefined;
    }
    const root = folder.uri.fsPath;
    const installed = await this.interpreters.findInstalled(root, settings, document.uri);
    const request = pythonSession('format', names, installed, root, settings, this.launchBase);
    return {
      by: { name: names.join(', '), origin: 'project', root },
      request,
      tools: request.tools,
      timeoutMs: settings.pythonTimeoutMs,
    };
  }

  /** Whether there is any Python in a folder shows when a file of it is opened. */
  forFolder(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

import * as vscode from 'vscode';
import type { Configuration } from '../../config/configuration.ts';
import type { Settings } from '../../config/settings.ts';
import type { LintTarget, LintTargets, NotLinted } from '../linting/lintTarget.ts';
import type { ServersAtWork } from '../serversAtWork.ts';
import type { PythonInterpreters } from './pythonInterpreter.ts';
import { pythonSession, type PythonLaunchBase } from './pythonSession.ts';

export const pythonLinterNames = ['flake8', 'mypy', 'pylint'] as const;

export type PythonLinterName = (typeof pythonLinterNames)[number];

/** One linter or type checker of Python, run by the folder's own interpreter when the user wants it. */
export class PythonLinterTargets implements LintTargets {
  constructor(
    private readonly name: PythonLinterName,
    private readonly configuration: Configuration,
    private readonly launchBase: PythonLaunchBase,
    private readonly interpreters: PythonInterpreters,
    private readonly servers: ServersAtWork,
  ) {}

  isMeant(document: vscode.TextDocument): boolean {
    const { uri, languageId } = document;
    if (languageId !== 'python' || uri.scheme !== 'file') return false;
    if (!vscode.workspace.getWorkspaceFolder(uri)) return false;
    if (this.servers.tells(this.name, document)) return false;
    // mypy looks at files as they are on disk, since others import them.
    if (this.name === 'mypy' && document.isDirty) return false;
    return this.settingsFor(document).pythonLinters.includes(this.name);
  }

  runsOnType(document: vscode.TextDocument): boolean {
    return this.name !== 'mypy' && this.settingsFor(document).pythonRun === 'onType';
  }

  async forDocument(document: vscode.TextDocument): Promise<LintTarget | NotLinted> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder) return 'disabled';
    if (!vscode.workspace.isTrusted) return 'restricted';
    const root = folder.uri.fsPath;
    const settings = this.settingsFor(document);
    const installed = await this.interpreters.findInstalled(root, settings, document.uri);
    // Types take longest to check and most memory: nothing else waits for them.
    const purpose = this.name === 'mypy' ? 'types' : 'lint';
    const names = settings.pythonLinters.filter(
      name => (name === 'mypy') === (this.name === 'mypy'),
    );
    const request = pythonSession(purpose, names, installed, root, settings, this.launchBase);
    const tool = request.tools.find(({ name }) => name === this.name);
    if (!tool) return 'disabled';
    return { by: { name: this.name, root }, request, tool, timeoutMs: settings.pythonTimeoutMs };
  }

  private settingsFor(document: vscode.TextDocument): Settings {
    return this.configuration.settingsFor(document.uri);
  }
}

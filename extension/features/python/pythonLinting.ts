import * as vscode from 'vscode';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { DocumentLinter } from '../linting/documentLinter.ts';
import { describeLinting } from '../linting/lintingWords.ts';
import { LiveLinting } from '../linting/liveLinting.ts';
import { ShownProblems } from '../linting/shownProblems.ts';
import type { ServersAtWork } from '../serversAtWork.ts';
import type { Staleness } from '../staleness.ts';
import { TroubleNotices } from '../troubleNotices.ts';
import type { PythonInterpreters } from './pythonInterpreter.ts';
import { PythonLinterTargets, pythonLinterNames } from './pythonLinters.ts';
import type { PythonLaunchBase } from './pythonSession.ts';

export interface PythonLintingParts {
  readonly pool: SessionPool;
  readonly configuration: Configuration;
  readonly servers: ServersAtWork;
  readonly launchBase: PythonLaunchBase;
  readonly interpreters: PythonInterpreters;
  readonly staleness: Staleness;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PythonLinting extends vscode.Disposable {
  /** For the documents on screen; awaits nothing. */
  lintVisible(): void;
  /** Every document that was linted, once more; awaits nothing. As {@link LiveLinting.lintAgain}. */
  lintAgain(isInsisted?: boolean): void;
}

/** The problems that Python's linters and type checkers find, each tool's by itself. */
export function createPythonLinting(parts: PythonLintingParts): PythonLinting {
  const { pool, configuration, servers, launchBase, interpreters, staleness, clock, log } = parts;
  const notices = new TroubleNotices(log, 'a Python file was not checked');
  const owned: DisposableLike[] = [];
  const all = pythonLinterNames.map(name => {
    const targets = new PythonLinterTargets(name, configuration, launchBase, interpreters, servers);
    const problems = new ShownProblems(name);
    const live = new LiveLinting(
      new DocumentLinter(pool, targets, clock),
      targets,
      problems,
      clock,
    );
    owned.push(
      live,
      problems,
      live.onDidLint(({ document, outcome }) => {
        const words = describeLinting(outcome);
        if (!words) return;
        const root = 'by' in outcome ? (outcome.by?.root ?? '') : '';
        notices.handle(words, `${name} ${root}`, vscode.workspace.asRelativePath(document.uri));
      }),
      staleness.onDidFind(tools => {
        if (tools.includes(name)) live.lintAgain();
      }),
    );
    return live;
  });
  const lintAgain = (isInsisted?: boolean) => all.forEach(live => live.lintAgain(isInsisted));
  const again = () => lintAgain();
  owned.push(
    configuration.onDidChange(again),
    servers.onDidChange(again),
    vscode.workspace.onDidGrantWorkspaceTrust(again),
    vscode.workspace.onDidChangeWorkspaceFolders(again),
  );
  return {
    lintVisible: () => all.forEach(live => live.lintVisible()),
    lintAgain,
    dispose: () => void vscode.Disposable.from(...owned).dispose(),
  };
}

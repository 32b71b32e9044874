import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { LiveSessions } from '../liveSessions.ts';
import type { ServersAtWork } from '../serversAtWork.ts';
import type { Staleness } from '../staleness.ts';
import { ToolStatus } from '../toolStatus.ts';
import { TroubleNotices } from '../troubleNotices.ts';
import type { OutcomeWords } from '../toolWords.ts';
import { DocumentLinter } from './documentLinter.ts';
import type { ESLintTargets } from './eslintTargets.ts';
import type { LintTarget } from './lintTarget.ts';
import { FixAll } from './fixAll.ts';
import { LintActions } from './lintActions.ts';
import type { LintingOutcome } from './lintingOutcome.ts';
import { describeLinting } from './lintingWords.ts';
import { LiveLinting } from './liveLinting.ts';
import { SourceWatch } from './sourceWatch.ts';
import { ShownProblems } from './shownProblems.ts';

export interface LintingParts {
  readonly pool: SessionPool;
  readonly targets: ESLintTargets;
  readonly configuration: Configuration;
  readonly servers: ServersAtWork;
  readonly staleness: Staleness;
  readonly clock: Clock;
  readonly log: Log;
}

export interface LintingFeature extends vscode.Disposable {
  readonly fixAll: FixAll;
  readonly live: LiveLinting;
  /** Starts the sessions of every folder that has an ESLint; resolves with how many are warm. */
  prewarmAll(): Promise<number>;
}

/** Linting, as the editor knows it: problems, what can be done about them, status and troubles. */
export function createLintingFeature(parts: LintingParts): LintingFeature {
  const { pool, targets, configuration, servers, staleness, clock, log } = parts;
  const linter = new DocumentLinter(pool, targets, clock);
  const problems = new ShownProblems('eslint');
  const live = new LiveLinting(linter, targets, problems, clock);
  const fixAll = new FixAll(linter, targets);
  const sessions = new LiveSessions(pool, tool => tool === 'eslint');
  const status = new ToolStatus(
    {
      id: 'greenroom.eslint',
      title: 'ESLint',
      icon: '$(checklist)',
      selector: selectorOf(configuration),
    },
    sessions,
  );
  const notices = new TroubleNotices(log, 'linting was not done');
  const sources = new SourceWatch(pool, clock, log);
  const again = () => live.lintAgain();
  const owned = vscode.Disposable.from(
    live,
    problems,
    sessions,
    status,
    sources,
    vscode.languages.registerCodeActionsProvider(
      { scheme: 'file' },
      new LintActions(problems, fixAll),
      LintActions.metadata,
    ),
    live.onDidLint(({ document, outcome }) => {
      if (outcome.kind === 'reported' && outcome.report.kind === 'linted') {
        if (outcome.report.keepsOthers) sources.add(outcome.by.root);
      }
      const words = describeLinting(outcome);
      if (!words) return;
      status.tell(document, words);
      tell(notices, words, document, outcome);
    }),
    configuration.onDidChange(() => {
      status.selector = selectorOf(configuration);
      again();
    }),
    staleness.onDidFind(tools => {
      if (tools.includes('eslint')) again();
    }),
    pool.onEvent(event => {
      const isNew = event.kind === 'launching' || event.kind === 'adopted';
      // Whoever restarts a session wants to see what the new one says.
      if (isNew && event.cause === 'restart') again();
    }),
    servers.onDidChange(again),
    vscode.extensions.onDidChange(again),
    vscode.workspace.onDidGrantWorkspaceTrust(again),
    vscode.workspace.onDidChangeWorkspaceFolders(again),
  );
  return {
    fixAll,
    live,
    prewarmAll: () => prewarmFolders(pool, targets),
    dispose: () => void owned.dispose(),
  };
}

/** What fails for one file is told per file, what is wrong with the configuration per folder. */
function tell(
  notices: TroubleNotices,
  words: OutcomeWords,
  { uri }: vscode.TextDocument,
  outcome: LintingOutcome,
): void {
  const root = 'by' in outcome ? (outcome.by?.root ?? '') : '';
  const isFine = words.severity === 'information';
  const places = isFine ? [root, uri.fsPath] : [outcome.kind === 'failed' ? uri.fsPath : root];
  for (const place of places) {
    notices.handle(words, place, vscode.workspace.asRelativePath(uri));
  }
}

/** Where its status is shown: the kinds of files that may be linted. */
function selectorOf(configuration: Configuration): vscode.DocumentFilter[] {
  return configuration.settingsFor().eslintValidate.map(language => ({ language, scheme: 'file' }));
}

async function prewarmFolders(pool: SessionPool, targets: ESLintTargets): Promise<number> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const local = folders.filter(({ uri }) => uri.scheme === 'file');
  const found = await Promise.all(local.map(folder => targets.forFolder(folder)));
  const distinct = new Map(found.filter(isTarget).map(({ request }) => [request.key, request]));
  const warmed = await Promise.allSettled(
    [...distinct.values()].map(request => pool.prewarm(request)),
  );
  return warmed.filter(({ status }) => status === 'fulfilled').length;
}

function isTarget(found: LintTarget | string): found is LintTarget {
  return typeof found !== 'string';
}

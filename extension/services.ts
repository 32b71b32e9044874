import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { nodePlatform } from '../server/node/nodePlatform.ts';
import { GreenroomError, RemoteError } from '../server/shared/errors.ts';
import { BatchError } from '../server/shared/rpc/batches.ts';
import { writable } from '../server/shared/rpc/remoteTypes.ts';
import { byRef, byValue } from '../server/shared/rpc/values/policy.ts';
import type { GreenroomApi } from './extensionApi.ts';
import { closeAllSessions } from './commands/closeAllSessions.ts';
import { closeSession } from './commands/closeSession.ts';
import { copyDiagnostics } from './commands/copyDiagnostics.ts';
import { enableLanguageServer } from './commands/enableLanguageServer.ts';
import { fixAllProblems } from './commands/fixAllProblems.ts';
import { formatOnce } from './commands/formatOnce.ts';
import { lintAgain } from './commands/lintAgain.ts';
import { openPerformancePanel } from './commands/openPerformancePanel.ts';
import { prewarmSessions } from './commands/prewarmSessions.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { restartSession } from './commands/restartSession.ts';
import { showLog } from './commands/showLog.ts';
import { Configuration } from './config/configuration.ts';
import type { Settings } from './config/settings.ts';
import { allowedEnvironment } from './confinement/environment.ts';
import { PerformancePanel } from './dashboard/panel.ts';
import { takeSnapshot } from './dashboard/snapshots.ts';
import { createFormattingFeature } from './features/formatting/formattingFeature.ts';
import { prettierLanguages, pythonLanguages } from './features/formatting/languages.ts';
import { PrettierTargets } from './features/formatting/prettierTargets.ts';
import { ESLintTargets } from './features/linting/eslintTargets.ts';
import { createLintingFeature } from './features/linting/lintingFeature.ts';
import { PythonFormatters } from './features/python/pythonFormatters.ts';
import { PythonInterpreters } from './features/python/pythonInterpreter.ts';
import { createPythonLinting } from './features/python/pythonLinting.ts';
import { Staleness } from './features/staleness.ts';
import { SuspensionNotices } from './features/suspensionNotices.ts';
import { LanguageServers } from './languageServers/languageServers.ts';
import { findOffers } from './languageServers/serverOffers.ts';
import { createChannelLog } from './log/channelLog.ts';
import { runDetached } from './log/runDetached.ts';
import { poolPolicyOf } from './poolSettings.ts';
import { Recorder } from './metrics/recorder.ts';
import { createSessionOpener } from './sessions/openGreenroom.ts';
import { SessionPool } from './sessions/pool/sessionPool.ts';

export interface Services {
  readonly api: GreenroomApi;
  /** Starts what may start ahead of need, after activation: other extensions need not wait for it. */
  begin(): void;
  /** Ends every session, then lets go of everything else. */
  close(): Promise<void>;
}

/** Builds and wires everything, and starts no process. The only file that knows every part. */
export function createServices(context: vscode.ExtensionContext): Services {
  const { extensionUri, extensionPath } = context;
  const channel = vscode.window.createOutputChannel('Greenroom', { log: true });
  const log = createChannelLog(channel);
  const { clock } = nodePlatform;
  const configuration = new Configuration(log);
  const recorder = new Recorder(clock);
  const policy = () => poolPolicyOf(configuration.settingsFor());
  const pool = new SessionPool({ platform: nodePlatform, policy: policy(), log });
  pool.onEvent(event => recorder.record(event));
  const launchBase = {
    executable: process.execPath,
    workerPath: path.join(extensionPath, 'dist', 'worker.cjs'),
    environment: allowedEnvironment(process.env),
  };
  const pythonWorkerPath = path.join(extensionPath, 'dist', 'python', 'main.py');
  const sessions = createSessionOpener(pool, {
    ...launchBase,
    pythonWorkerPath,
    confinement: () => configuration.settingsFor(undefined).confinement,
  });
  const bundledDirectory = path.join(extensionPath, 'dist', 'prettier');
  const interpreters = new PythonInterpreters(clock, log);
  const serverParts = {
    configuration,
    interpreter: (folder: vscode.Uri, settings: Settings) =>
      interpreters.find(folder.fsPath, settings, folder),
  };
  const languageServers = new LanguageServers({
    ...serverParts,
    pool,
    launchBase: { ...launchBase, workerPath: path.join(extensionPath, 'dist', 'server.cjs') },
    formatters: { prettier: prettierLanguages, python: pythonLanguages },
    clock,
    log,
  });
  const parts = { pool, configuration, servers: languageServers, clock, log };
  const formatting = createFormattingFeature(
    parts,
    new PrettierTargets(configuration, launchBase, bundledDirectory),
    prettierLanguages,
  );
  const pythonBase = { workerPath: pythonWorkerPath, environment: launchBase.environment };
  const python = createFormattingFeature(
    parts,
    new PythonFormatters(configuration, pythonBase, interpreters),
    pythonLanguages,
  );
  const staleness = new Staleness(pool, clock, log);
  staleness.onDidChangePackages(() => languageServers.updateDetached());
  const linting = createLintingFeature({
    pool,
    targets: new ESLintTargets(configuration, launchBase, languageServers),
    configuration,
    servers: languageServers,
    staleness,
    clock,
    log,
  });
  const pythonLinting = createPythonLinting({
    ...parts,
    launchBase: pythonBase,
    interpreters,
    staleness,
  });
  const notices = new SuspensionNotices(pool, log);
  const prewarmAll = async () => {
    const warm = await Promise.all([
      formatting.prewarming.prewarmAll(),
      python.prewarming.prewarmAll(),
      linting.prewarmAll(),
      languageServers.prewarmAll(),
    ]);
    return warm.reduce((sum, count) => sum + count);
  };
  const panel = new PerformancePanel({ extensionUri, pool, recorder, log });
  const { version } = context.extension.packageJSON as { version: string };
  const commands = registerCommands(
    {
      openPerformancePanel: openPerformancePanel(panel),
      prewarmSessions: prewarmSessions(prewarmAll),
      restartSession: restartSession(pool, recorder),
      closeSession: closeSession(pool, recorder),
      closeAllSessions: closeAllSessions(pool),
      fixAllProblems: fixAllProblems(linting.fixAll),
      lintAgain: lintAgain(linting.live, pythonLinting),
      showLog: showLog(channel),
      copyDiagnostics: copyDiagnostics(recorder, version),
      formatOnce: formatOnce(document =>
        document.languageId === 'python' ? python.formatter : formatting.formatter,
      ),
      enableLanguageServer: enableLanguageServer(() => findOffers(serverParts)),
    },
    log,
  );
  // Sessions run under the settings they were started with.
  configuration.onDidChangeSessions(() => {
    pool.setPolicy(policy());
    const detail = vscode.l10n.t('settings changed');
    runDetached(pool.replaceAll({ kind: 'stale', detail }), 'closing sessions', log);
    formatting.prewarming.prewarmVisible();
    python.prewarming.prewarmVisible();
  });
  let beginning: NodeJS.Immediate | undefined;
  return {
    api: {
      snapshot: () => takeSnapshot(recorder),
      prewarm: prewarmAll,
      openSession: sessions.openSession,
      byRef,
      byValue,
      writable,
      GreenroomError,
      RemoteError,
      BatchError,
    },
    begin: () => {
      beginning = setImmediate(() => {
        formatting.prewarming.prewarmVisible();
        python.prewarming.prewarmVisible();
        linting.live.lintVisible();
        pythonLinting.lintVisible();
        languageServers.updateDetached();
        staleness.begin();
      });
    },
    close: async () => {
      clearImmediate(beginning);
      vscode.Disposable.from(
        ...commands,
        panel,
        notices,
        formatting,
        python,
        linting,
        pythonLinting,
        languageServers,
        staleness,
        configuration,
      ).dispose();
      await pool.shutDown();
      sessions.dispose();
      channel.dispose();
    },
  };
}

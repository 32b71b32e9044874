import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { nodePlatform } from '../server/node/nodePlatform.ts';
import type { GreenroomApi } from './api.ts';
import { closeAllSessions } from './commands/closeAllSessions.ts';
import { closeSession } from './commands/closeSession.ts';
import { copyDiagnostics } from './commands/copyDiagnostics.ts';
import { formatOnce } from './commands/formatOnce.ts';
import { openPerformancePanel } from './commands/openPerformancePanel.ts';
import { prewarmSessions } from './commands/prewarmSessions.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { restartSession } from './commands/restartSession.ts';
import { showLog } from './commands/showLog.ts';
import { Configuration } from './config/configuration.ts';
import { allowedEnvironment } from './confinement/environment.ts';
import { PerformancePanel } from './dashboard/panel.ts';
import { takeSnapshot } from './dashboard/snapshots.ts';
import { createFormattingFeature } from './features/formatting/formattingFeature.ts';
import { PrettierTargets } from './features/formatting/prettierTargets.ts';
import { SuspensionNotices } from './features/suspensionNotices.ts';
import { createChannelLog } from './log/channelLog.ts';
import { runDetached } from './log/runDetached.ts';
import { poolPolicyOf } from './poolSettings.ts';
import { Recorder } from './metrics/recorder.ts';
import { createSessionOpener } from './sessions/openGreenroom.ts';
import { SessionPool } from './sessions/pool/sessionPool.ts';

export interface Services {
  readonly api: GreenroomApi;
  /** Starts what may start ahead of need; returns at once. */
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
  const sessions = createSessionOpener(pool, launchBase);
  const bundledDirectory = path.join(extensionPath, 'dist', 'prettier');
  const targets = new PrettierTargets(configuration, launchBase, bundledDirectory);
  const formatting = createFormattingFeature({ pool, targets, configuration, clock, log });
  const notices = new SuspensionNotices(pool, log);
  const panel = new PerformancePanel({ extensionUri, pool, recorder, log });
  const { version } = context.extension.packageJSON as { version: string };
  const commands = registerCommands(
    {
      openPerformancePanel: openPerformancePanel(panel),
      prewarmSessions: prewarmSessions(formatting.prewarming),
      restartSession: restartSession(pool, recorder),
      closeSession: closeSession(pool, recorder),
      closeAllSessions: closeAllSessions(pool),
      showLog: showLog(channel),
      copyDiagnostics: copyDiagnostics(recorder, version),
      formatOnce: formatOnce(formatting.formatter),
    },
    log,
  );
  // Sessions run under the settings they were started with.
  configuration.onDidChangeSessions(() => {
    pool.setPolicy(policy());
    const detail = vscode.l10n.t('settings changed');
    runDetached(pool.closeAll({ kind: 'requested', detail }), 'closing sessions', log);
    formatting.prewarming.prewarmVisible();
  });
  return {
    api: {
      snapshot: () => takeSnapshot(recorder),
      prewarm: () => formatting.prewarming.prewarmAll(),
      openSession: sessions.openSession,
    },
    begin: () => formatting.prewarming.prewarmVisible(),
    close: async () => {
      vscode.Disposable.from(...commands, panel, notices, formatting, configuration).dispose();
      await pool.shutDown();
      sessions.dispose();
      channel.dispose();
    },
  };
}

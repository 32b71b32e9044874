import * as vscode from 'vscode';
import type { Recorder } from '../metrics/recorder.ts';
import type { SessionPool } from '../sessions/pool/sessionPool.ts';
import { pickSession } from './pickSession.ts';

export const closeSession = (pool: SessionPool, recorder: Recorder) => async () => {
  const id = await pickSession(recorder, vscode.l10n.t('Close which session?'));
  if (id !== undefined) await pool.close(id);
};

import * as vscode from 'vscode';
import type { Recorder } from '../metrics/recorder.ts';

/** Lets the user choose one of the running sessions; says so when there is none. */
export async function pickSession(
  recorder: Recorder,
  placeHolder: string,
): Promise<string | undefined> {
  const live = recorder.snapshot().sessions.filter(({ state }) => state !== 'closed');
  if (live.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No session is running.'));
    return undefined;
  }
  const items = live.map(({ id, label, tools, pid, state }) => ({
    id,
    label,
    description: tools.map(({ name, version }) => `${name} ${version}`).join(', '),
    detail: pid === undefined ? state : vscode.l10n.t('Process {0}, {1}', pid, state),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder,
    matchOnDescription: true,
  });
  return picked?.id;
}

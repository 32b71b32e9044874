import process from 'node:process';
import * as vscode from 'vscode';
import { takeSnapshot } from '../dashboard/snapshots.ts';
import type { Recorder } from '../metrics/recorder.ts';

/** Copies versions and the whole snapshot as JSON: what a report of a problem needs, nothing secret. */
export const copyDiagnostics = (recorder: Recorder, extensionVersion: string) => async () => {
  const diagnostics = {
    greenroom: extensionVersion,
    vscode: vscode.version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    remote: vscode.env.remoteName ?? null,
    trusted: vscode.workspace.isTrusted,
    ...(await takeSnapshot(recorder)),
  };
  await vscode.env.clipboard.writeText(JSON.stringify(diagnostics, null, 2));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Greenroom diagnostics copied'), 3_000);
};

import fs from 'node:fs';
import path from 'node:path';

export type Settings = Readonly<Record<string, unknown>>;

/** A quiet editor: no network, no welcome, no hints, nothing that moves by itself. */
const quiet: Settings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off', // a browser's default is another
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false, // it lists every open file of the machine, again and again
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.dialogStyle': 'custom',
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Writes the settings of the user, and those of the machine: a workbench in a browser takes settings of
 * the scope `machine` from there alone, since its user sits elsewhere. It sees no later change of them.
 */
export function writeUserSettings(userData: string, settings: Settings = {}): void {
  const text = JSON.stringify({ ...quiet, ...settings }, undefined, 2);
  for (const owner of ['User', 'Machine']) {
    fs.mkdirSync(path.join(userData, owner), { recursive: true });
    fs.writeFileSync(path.join(userData, owner, 'settings.json'), text);
  }
}

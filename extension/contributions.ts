/** Ids that `package.json` contributes. A test holds the two together. */
export const commandIds = {
  openPerformancePanel: 'greenroom.openPerformancePanel',
  prewarmSessions: 'greenroom.prewarmSessions',
  restartSession: 'greenroom.restartSession',
  closeSession: 'greenroom.closeSession',
  closeAllSessions: 'greenroom.closeAllSessions',
  showLog: 'greenroom.showLog',
  copyDiagnostics: 'greenroom.copyDiagnostics',
} as const;

export const settingsSection = 'greenroom';

/** Settings below {@link settingsSection}. */
export const settingKeys = {
  prettierEnable: 'prettier.enable',
  prettierSource: 'prettier.source',
  prettierPath: 'prettier.path',
  prettierTimeout: 'prettier.timeout',
  nodePath: 'node.path',
  prewarm: 'sessions.prewarm',
  keepalive: 'sessions.keepalive',
  memoryLimit: 'sessions.memoryLimit',
} as const;

export const panelViewType = 'greenroom.performance';

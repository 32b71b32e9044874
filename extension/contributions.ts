/** Ids that `package.json` contributes. A test holds the two together. */
export const commandIds = {
  openPerformancePanel: 'greenroom.openPerformancePanel',
  prewarmSessions: 'greenroom.prewarmSessions',
  restartSession: 'greenroom.restartSession',
  closeSession: 'greenroom.closeSession',
  closeAllSessions: 'greenroom.closeAllSessions',
  fixAllProblems: 'greenroom.fixAllProblems',
  lintAgain: 'greenroom.lintAgain',
  showLog: 'greenroom.showLog',
  copyDiagnostics: 'greenroom.copyDiagnostics',
  formatOnce: 'greenroom.formatOnce',
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
  sessionsEnable: 'sessions.enable',
  maxReplicas: 'sessions.maxReplicas',
  maxCallsAtOnce: 'sessions.maxCallsAtOnce',
  maxQueuedCalls: 'sessions.maxQueuedCalls',
  spares: 'sessions.spares',
  recycleMemory: 'sessions.recycleMemory',
  recycleCalls: 'sessions.recycleCalls',
  recycleAge: 'sessions.recycleAge',
  startTimeout: 'sessions.startTimeout',
  slowAfter: 'sessions.slowAfter',
  silenceTimeout: 'sessions.silenceTimeout',
  maxLosses: 'sessions.maxLosses',
  retryAfter: 'sessions.retryAfter',
  eslintEnable: 'eslint.enable',
  eslintRun: 'eslint.run',
  eslintValidate: 'eslint.validate',
  eslintWorkingDirectories: 'eslint.workingDirectories',
  eslintPath: 'eslint.path',
  eslintTimeout: 'eslint.timeout',
  pythonInterpreter: 'python.interpreter',
  pythonFormatters: 'python.formatters',
  pythonLinters: 'python.linters',
  pythonRun: 'python.run',
  pythonTimeout: 'python.timeout',
} as const;

export const panelViewType = 'greenroom.performance';

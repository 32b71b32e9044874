/**
 * Who may import whom (ARCHITECTURE.md tells why). A folder may always import itself;
 * the longest matching name decides.
 */
export const mayImport = {
  'server/shared/base': [],
  'server/shared/errors.ts': ['server/shared/base'],
  'server/shared/toldErrors.ts': ['server/shared/base', 'server/shared/errors.ts'],
  'server/shared/protocol': [
    'server/shared/base',
    'server/shared/errors.ts',
    'server/shared/toldErrors.ts',
  ],
  'server/shared/rpc': [
    'server/shared/base',
    'server/shared/errors.ts',
    'server/shared/toldErrors.ts',
    'server/shared/protocol',
  ],
  'server/node': ['server/shared'],
  'server/tools/contract.ts': ['server/shared'],
  'server/tools/eslint': ['server/shared', 'server/tools/contract.ts'],
  'server/tools/prettier': ['server/shared', 'server/tools/contract.ts'],
  'server/worker': ['server/shared', 'server/node', 'server/tools'],
  'extension/contributions.ts': [],
  'extension/confinementWords.ts': ['server/shared'],
  'extension/log': ['server/shared', 'extension/contributions.ts'],
  'extension/config': ['server/shared', 'extension/contributions.ts', 'extension/log'],
  'extension/confinement': ['server/shared', 'server/node'],
  'extension/metrics': ['server/shared', 'server/node'],
  'extension/sessions': ['server/shared', 'server/node', 'extension/confinement', 'extension/log'],
  'extension/python': [],
  'extension/features': [
    'server/shared',
    'server/node',
    'extension/python',
    'extension/sessions',
    'extension/confinement',
    'extension/confinementWords.ts',
    'extension/metrics',
    'extension/config',
    'extension/contributions.ts',
    'extension/log',
  ],
  'extension/languageServers': [
    'server/shared',
    'server/node',
    'extension/python',
    'extension/sessions',
    'extension/confinement',
    'extension/confinementWords.ts',
    'extension/config',
    'extension/contributions.ts',
    'extension/log',
  ],
  'extension/dashboard': [
    'server/shared',
    'extension/confinementWords.ts',
    'extension/sessions',
    'extension/metrics',
    'extension/contributions.ts',
    'extension/log',
  ],
  'extension/commands': [
    'server/shared',
    'extension/sessions',
    'extension/metrics',
    'extension/features',
    'extension/languageServers',
    'extension/dashboard',
    'extension/config',
    'extension/contributions.ts',
    'extension/log',
  ],
  extension: ['server/shared', 'server/node', 'extension'],
  webview: ['server/shared/base', 'server/shared/protocol'],
  test: ['server', 'extension', 'webview', 'test', 'l10n.mjs', 'requireOnce.mjs'],
};

/** The table as zones of `import-x/no-restricted-paths`: each names what a folder may reach. */
export function importZones() {
  return Object.entries(mayImport).map(([folder, allowed]) => ({
    target: folder,
    from: './',
    except: [...new Set([folder, ...allowed, 'node_modules'])],
    message: `${folder} may not import this; see importTable.mjs.`,
  }));
}

import type { ServerFolder } from './readyMade.ts';

/**
 * The settings without which the ESLint server fails: for every document it asks for the section `''`
 * and reads what the ESLint extension would send. No package manager is named, since it would be started
 * to find what is installed for all projects; nor a working directory, so that ESLint is looked for from
 * the document's folder upward.
 */
export function eslintAnswers(folder: ServerFolder): Readonly<Record<string, unknown>> {
  return {
    '': {
      validate: 'on',
      run: 'onType',
      nodePath: null,
      workspaceFolder: { uri: folder.uri, name: folder.name },
      experimental: {},
      options: {},
      rulesCustomizations: [],
      problems: { shortenToSingleLine: false },
      codeAction: {
        disableRuleComment: { enable: true, location: 'separateLine', commentStyle: 'line' },
        showDocumentation: { enable: true },
      },
      codeActionOnSave: { mode: 'all' },
      format: false,
      quiet: false,
      onIgnoredFiles: 'off',
    },
  };
}

/** For which languages one kind of formatter is offered before any session runs. */
export interface OfferedLanguages {
  /** Which kind it is, in ids. */
  readonly name: 'prettier' | 'python';
  readonly documents: readonly string[];
  /** Those in which a part of a document can be formatted. */
  readonly ranges: readonly string[];
}

/**
 * Editor languages of the Prettier that ships with Greenroom. Known ahead, so that formatting is
 * offered before any session runs; a test asks Prettier itself whether the list is right.
 */
export const bundledLanguageIds: readonly string[] = [
  'ansible',
  'css',
  'dockercompose',
  'github-actions-workflow',
  'graphql',
  'handlebars',
  'home-assistant',
  'html',
  'javascript',
  'javascriptreact',
  'json',
  'json5',
  'jsonc',
  'less',
  'markdown',
  'mdx',
  'mjml',
  'mongo',
  'postcss',
  'scss',
  'typescript',
  'typescriptreact',
  'vue',
  'yaml',
];

/** Those of them in which Prettier can format a part of a document. */
export const rangeLanguageIds: readonly string[] = [
  'graphql',
  'javascript',
  'javascriptreact',
  'json',
  'json5',
  'jsonc',
  'typescript',
  'typescriptreact',
  'vue',
];

export const prettierLanguages: OfferedLanguages = {
  name: 'prettier',
  documents: bundledLanguageIds,
  ranges: rangeLanguageIds,
};

export const pythonLanguages: OfferedLanguages = {
  name: 'python',
  documents: ['python'],
  ranges: [],
};

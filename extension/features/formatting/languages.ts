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

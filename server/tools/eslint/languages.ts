/**
 * What parsers and plugins for a language are called. The older form of configuration says of no
 * file that it is not meant: the command line is told by `--ext`, and we look at what is installed.
 */
const wordsFor: Readonly<Record<string, RegExp>> = {
  astro: /astro/u,
  css: /css/u,
  'glimmer-js': /ember/u,
  'glimmer-ts': /ember/u,
  graphql: /graphql/u,
  html: /html/u,
  json: /json/u,
  json5: /json/u,
  jsonc: /json/u,
  markdown: /markdown|mdx/u,
  mdx: /mdx/u,
  svelte: /svelte/u,
  typescript: /typescript|babel|[\\/]vue-eslint-parser/u,
  typescriptreact: /typescript|babel|[\\/]vue-eslint-parser/u,
  vue: /vue/u,
  yaml: /ya?ml/u,
};

/** Whether configuration of the older form is made for documents of this language. */
export function speaks(configuration: object, languageId: string): boolean {
  const words = wordsFor[languageId];
  if (!words) return true;
  const { parser, plugins } = configuration as { parser?: unknown; plugins?: unknown };
  const names = [parser, ...(Array.isArray(plugins) ? (plugins as readonly unknown[]) : [])];
  return names.some(name => typeof name === 'string' && words.test(name));
}

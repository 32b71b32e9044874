/**
 * What parsers and plugins for a language are called. The older form of configuration says of files
 * that are meant only in part, in its overrides. The command line is told the rest by `--ext`, and we
 * look at what is installed.
 */
const wordsFor: Readonly<Record<string, RegExp>> = {
  astro: /astro/u,
  // What is named after it (tailwindcss, css-modules) looks at scripts.
  css: /(?!)/u,
  'glimmer-js': /ember/u,
  'glimmer-ts': /ember/u,
  graphql: /graphql-eslint/u,
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

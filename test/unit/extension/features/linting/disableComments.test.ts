import { describe, expect, test } from 'vitest';
import {
  disableForFile,
  disableForLine,
  type DocumentLines,
  type Insertion,
} from '../../../../../extension/features/linting/disableComments.ts';

function toLines(languageId: string, text: string): DocumentLines {
  const lines = text.split('\n');
  return { languageId, lineCount: lines.length, lineAt: line => ({ text: lines[line]! }) };
}

function insert(text: string, insertion: Insertion | undefined): string | undefined {
  if (!insertion) return undefined;
  const lines = text.split('\n');
  const { line, column } = insertion;
  lines[line] = lines[line]!.slice(0, column) + insertion.text + lines[line]!.slice(column);
  return lines.join('\n');
}

/** The marked line is the one that the rule complains about. */
function after(
  disable: typeof disableForLine,
  languageId: string,
  marked: string,
): string | undefined {
  const line = marked.split('\n').findIndex(one => one.includes('☞'));
  const text = marked.replace('☞', '');
  return insert(text, disable(toLines(languageId, text), line, 'some/rule', '\n'));
}

describe('a rule is disabled for one line', () => {
  const next = 'eslint-disable-next-line some/rule';
  test.each([
    ['javascript', '☞a();', `// ${next}\na();`],
    ['typescript', 'if (a) {\n  ☞b();\n}', `if (a) {\n  // ${next}\n  b();\n}`],
    ['typescriptreact', 'return (\n  ☞<b/>\n);', `return (\n  // ${next}\n  <b/>\n);`],
    ['javascriptreact', '<p a="b">\n  ☞{c}\n</p>', `<p a="b">\n  {/* ${next} */}\n  {c}\n</p>`],
    ['javascriptreact', '<>\n\n  ☞text\n</>', `<>\n\n  {/* ${next} */}\n  text\n</>`],
    ['javascript', '<i/>\n☞<b/>', `<i/>\n{/* ${next} */}\n<b/>`],
    [
      'typescriptreact',
      '<p>\n{a.map(b => (\n<i/>\n))}\n☞<b/>',
      `<p>\n{a.map(b => (\n<i/>\n))}\n{/* ${next} */}\n<b/>`,
    ],
    ['typescriptreact', '<p\n  ☞a={b}\n/>', `<p\n  // ${next}\n  a={b}\n/>`],
    ['typescriptreact', 'const f = () =>\n  ☞<p/>;', `const f = () =>\n  // ${next}\n  <p/>;`],
    ['typescriptreact', 'let a: Array<string>\n☞b();', `let a: Array<string>\n// ${next}\nb();`],
    ['typescriptreact', 'if (a > b && c >\n☞d) {}', `if (a > b && c >\n// ${next}\nd) {}`],
    ['vue', '<script>\n☞a();\n</script>', `<script>\n// ${next}\na();\n</script>`],
    [
      'vue',
      '<script>\n</script>\n<template>\n  ☞<p/>',
      `<script>\n</script>\n<template>\n  <!-- ${next} -->\n  <p/>`,
    ],
    ['html', '☞<p>', `<!-- ${next} -->\n<p>`],
    ['astro', '---\n☞a();\n---\n', `---\n// ${next}\na();\n---\n`],
    ['astro', '---\n---\n☞<p/>', `---\n---\n<!-- ${next} -->\n<p/>`],
    ['css', '☞a {}', `/* ${next} */\na {}`],
    ['yaml', 'a:\n  ☞b: 1', `a:\n  # ${next}\n  b: 1`],
    ['jsonc', '{\n  ☞"a": 1\n}', `{\n  // ${next}\n  "a": 1\n}`],
    ['markdown', '☞# a', `<!-- ${next} -->\n# a`],
    ['markdown', '```js\n☞a();\n```', `\`\`\`js\n// ${next}\na();\n\`\`\``],
    ['markdown', '```js\n```\n☞# a', `\`\`\`js\n\`\`\`\n<!-- ${next} -->\n# a`],
    ['markdown', '~~~~ css\n~~~\n☞a {}', `~~~~ css\n~~~\n/* ${next} */\na {}`],
    ['mdx', '```ts\n☞a();\n```', `\`\`\`ts\n// ${next}\na();\n\`\`\``],
    ['mdx', '☞# a', `{/* ${next} */}\n# a`],
    ['markdown', '```json\n☞{}\n```', undefined],
    ['json', '☞{}', undefined],
  ])('in %s: %j', (languageId, before, expected) => {
    expect(after(disableForLine, languageId, before)).toBe(expected);
  });

  test.each([
    ['// eslint-disable-next-line eqeqeq', '// eslint-disable-next-line eqeqeq, some/rule'],
    [
      '/* eslint-disable-next-line a, @b/c-d */',
      '/* eslint-disable-next-line a, @b/c-d, some/rule */',
    ],
    ['// eslint-disable-next-line a -- why', '// eslint-disable-next-line a, some/rule -- why'],
  ])('next to others that are already: %s', (comment, expected) => {
    expect(after(disableForLine, 'javascript', `${comment}\n☞a();`)).toBe(`${expected}\na();`);
  });
});

describe('a rule is disabled for a whole file', () => {
  const all = 'eslint-disable some/rule';
  test.each([
    ['javascript', 'a();\n☞b();', `/* ${all} */\na();\nb();`],
    ['javascript', '#!/usr/bin/env node\n☞b();', `#!/usr/bin/env node\n/* ${all} */\nb();`],
    ['typescriptreact', '<p>\n☞{a}\n</p>', `/* ${all} */\n<p>\n{a}\n</p>`],
    ['vue', '<template/>\n<script>\n\n☞a();', `<template/>\n<script>\n/* ${all} */\n\na();`],
    ['vue', '<template>\n☞<p/>', `<!-- ${all} -->\n<template>\n<p/>`],
    ['markdown', '# a\n```js\na();\n☞b();', `# a\n\`\`\`js\n/* ${all} */\na();\nb();`],
    ['markdown', '# a\n☞# b', `<!-- ${all} -->\n# a\n# b`],
    ['yaml', 'a: 1\n☞b: 1', `# ${all}\na: 1\nb: 1`],
    ['json', '☞{}', undefined],
  ])('in %s: %j', (languageId, before, expected) => {
    expect(after(disableForFile, languageId, before)).toBe(expected);
  });
});

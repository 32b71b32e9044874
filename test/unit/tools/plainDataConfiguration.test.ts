import { expect, test } from 'vitest';
import { isPlainData } from '../../../server/tools/prettier/plainDataConfiguration.ts';

test.each([
  ['.prettierrc', 'semi: false'],
  ['.prettierrc', '# words\n\n---\n"semi": false'],
  ['.prettierrc', '{"semi":false}'],
  ['.prettierrc', ''],
  ['.prettierrc.json', '// words\n{}'],
  ['.prettierrc.toml', 'semi = false'],
  ['package.json', '{"prettier":{"semi":false}}'],
])('%s with %o is plain data', (file, text) => {
  expect(isPlainData(`/project/${file}`, text)).toBe(true);
});

test.each([
  ['.prettierrc', 'a-package'],
  ['.prettierrc', '"a-package"'],
  ['.prettierrc', "'a-package'"],
  ['.prettierrc', '>\n  a-package'],
  ['.prettierrc', '!!js/function "x"'],
  ['.prettierrc', '# words\n@scope/package'],
  ['.prettierrc.json', '"a-package"'],
  ['.prettierrc.yaml', 'a-package:sub'],
  ['.prettierrc.js', '{}'],
  ['prettier.config.ts', 'semi: false'],
  ['package.json', '{"prettier":"a-package"}'],
  ['package.json', 'not json'],
  ['package.yaml', 'prettier:\n  semi: false'],
])('%s with %o may be code', (file, text) => {
  expect(isPlainData(`/project/${file}`, text)).toBe(false);
});

test('a file that cannot be read is not trusted', () => {
  expect(isPlainData('/project/.prettierrc', undefined)).toBe(false);
});

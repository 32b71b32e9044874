import { expect, test } from 'vitest';
import { filterCalls } from '../../../webview/callFilter.ts';

const format = { tool: 'prettier', method: 'format', subject: 'src/Cart.ts' };
const hover = { tool: 'yaml-language-server', method: 'textDocument/hover' };

test.each([
  ['', [format, hover]],
  ['  ', [format, hover]],
  ['Yaml', [hover]],
  ['cart', [format]],
  ['prettier.format', [format]],
  ['hover yaml', [hover]],
  ['hover prettier', []],
])('by "%s"', (filter, found) => {
  expect(filterCalls([format, hover], filter)).toEqual(found);
});

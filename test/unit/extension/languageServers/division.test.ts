import { expect, test } from 'vitest';
import { Division } from '../../../../extension/languageServers/division.ts';
import { parseServerEntries } from '../../../../extension/languageServers/serverEntry.ts';

const folder = (name: string) => ({ uri: `file:///${name}`, name }) as never;

function entries(...names: readonly string[]) {
  return parseServerEntries(
    names.map(name => ({ name })),
    new Set(),
  ).entries;
}

test('of two servers of a kind, the first of the list does the work, in each folder', () => {
  const division = new Division();
  const [first, second] = entries('vtsls', 'typescript-language-server');
  expect(division.other(first!, folder('shop'))).toBeUndefined();
  expect(division.other(second!, folder('shop'))).toBe('vtsls');
  expect(division.other(second!, folder('bank'))).toBeUndefined();
});

test('servers of different kinds keep nobody from work', () => {
  const division = new Division();
  for (const entry of entries('yaml-language-server', 'bash-language-server', 'pylsp')) {
    expect(division.other(entry, folder('shop'))).toBeUndefined();
  }
});

test('a language is formatted by the first server that can', () => {
  const division = new Division();
  const [biome, json] = entries('biome', 'vscode-json-language-server');
  expect([...division.formattedBefore(biome!, folder('shop'))]).toEqual([]);
  expect([...division.formattedBefore(json!, folder('shop'))]).toEqual(['json', 'jsonc']);
  expect([...division.formattedBefore(json!, folder('bank'))]).toEqual([]);
});

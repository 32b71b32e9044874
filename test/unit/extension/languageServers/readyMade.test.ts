import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { memberNames } from '../../../../extension/languageServers/entryMembers.ts';
import {
  findReadyMade,
  readyMadeServers,
} from '../../../../extension/languageServers/readyMade.ts';
import { parseServerEntries } from '../../../../extension/languageServers/serverEntry.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (name: string) =>
  JSON.parse(fs.readFileSync(path.join(root, name), 'utf8')) as unknown;

interface Item {
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly name: { readonly anyOf: readonly [{ readonly enum: readonly string[] }] };
  };
  readonly defaultSnippets: readonly { readonly body: { readonly name: string } }[];
}

const { contributes } = read('package.json') as {
  contributes: { configuration: { properties: Record<string, { items: Item }> } };
};
const { items } = contributes.configuration.properties['greenroom.languageServers']!;
const names = readyMadeServers.map(({ name }) => name);

describe('the setting', () => {
  test('completes the names of the servers that are known', () => {
    expect(items.properties.name.anyOf[0].enum).toEqual(names);
    expect(items.defaultSnippets[0]!.body.name).toBe(`\${1|${names.join(',')}|}`);
  });

  test('has the members that are read', () => {
    expect(Object.keys(items.properties).sort()).toEqual([...memberNames].sort());
  });
});

describe('the servers that are known', () => {
  test('are found by their names, each of which there is once', () => {
    expect(names.map(name => findReadyMade(name)?.name)).toEqual([...new Set(names)]);
    expect(findReadyMade('toString')).toBeUndefined();
  });

  test('need nothing but a name', () => {
    const languages = new Set(readyMadeServers.flatMap(server => server.languages));
    const { entries, problems } = parseServerEntries(
      names.map(name => ({ name })),
      languages,
    );
    expect(problems).toEqual([]);
    expect(entries.map(({ run }) => run)).toEqual(
      readyMadeServers.map(server => ({ kind: 'readyMade', server })),
    );
  });

  test('can each be installed by npm or for Python', () => {
    for (const { npmPackage, python } of readyMadeServers) {
      expect(npmPackage ?? python?.distribution).toBeDefined();
    }
  });

  const installed = readyMadeServers.filter(({ npmPackage }) =>
    fs.existsSync(path.join(root, 'node_modules', npmPackage ?? '?', 'package.json')),
  );

  test.each(installed.map(({ npmPackage, program }) => [program, npmPackage!]))(
    '%s is a program of the package %s',
    (program, npmPackage) => {
      const { bin } = read(`node_modules/${npmPackage}/package.json`) as { bin: object };
      expect(bin).toHaveProperty([program]);
    },
  );

  test('answer the ESLint server for the folder that it works for', () => {
    const folder = { uri: 'file:///work', name: 'work' };
    expect(findReadyMade('vscode-eslint-language-server')!.answers!(folder)).toMatchObject({
      '': { validate: 'on', run: 'onType', nodePath: null, workspaceFolder: folder },
    });
  });
});

import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findWantedServers } from '../../../../extension/languageServers/wantedServers.ts';
import * as fake from '../../../support/fakeVSCode.ts';
import { Project } from '../../../support/project.ts';

vi.mock('vscode', () => import('../../../support/fakeVSCode.ts'));

let disk: Project;
beforeEach(() => {
  disk = new Project({ 'one/.git/HEAD': '', 'two/.git/HEAD': '', 'bin/lsp': '\x7fELF' });
  fs.chmodSync(disk.path('bin/lsp'), 0o755);
});
afterEach(() => {
  disk[Symbol.dispose]();
  fake.workspace.workspaceFolders = [];
});

const general = {
  pythonFormatters: [],
  pythonLinters: [],
  readableFolders: [],
  childProcesses: [],
  nodePath: '',
};

const lsp = (more: object = {}) => ({
  name: 'lsp',
  command: disk.path('bin/lsp'),
  languages: ['yaml'],
  ...more,
});

/** In a window of these folders, each with its entries. */
async function find(wanted: Readonly<Record<string, readonly unknown[]>>) {
  fake.workspace.workspaceFolders = Object.keys(wanted).map(name => ({
    name,
    uri: fake.Uri.parse(`file://${disk.path(name)}`),
  }));
  const settingsFor = ({ fsPath }: { readonly fsPath: string }) => ({
    ...general,
    languageServers: Object.entries(wanted).find(([name]) => disk.path(name) === fsPath)![1],
  });
  const { targets, problems } = await findWantedServers({
    configuration: { settingsFor } as never,
    launchBase: { executable: '/node', workerPath: '/worker.cjs', environment: {} },
    formatters: {} as never, // no tool is on
    interpreter: uri => Promise.resolve(`${uri.fsPath}/.venv/bin/python`),
  });
  return {
    targets: [...targets.values()],
    servers: [...targets.values()].map(({ entry, folders }) => [
      entry.name,
      ...folders.map(({ name }) => name),
    ]),
    entries: [...targets.values()].map(({ entry }) => entry),
    problems,
  };
}

describe('a folder that is not there', () => {
  test('leaves the other folders their servers, and is told with the server it would have had', async () => {
    const { servers, problems } = await find({ gone: [lsp()], one: [lsp()] });
    expect(servers).toEqual([['lsp', 'one']]);
    expect(problems).toEqual([
      expect.stringMatching(/^"lsp" is not started for .*\/gone: .*ENOENT/u),
    ]);
  });

  test('is left out of those that share a server', async () => {
    const shared = [lsp({ workspaceScoped: true })];
    const { servers, problems } = await find({ gone: shared, one: shared, two: shared });
    expect(servers).toEqual([['lsp', 'one', 'two']]);
    expect(problems).toHaveLength(1);
  });
});

test('a server that cannot be looked for leaves the others alone', async () => {
  disk.write('bin/odd', '\x7fELF');
  fs.chmodSync(disk.path('bin/odd'), 0o755);
  const open = fs.promises.open.bind(fs.promises);
  const refusing = vi
    .spyOn(fs.promises, 'open')
    .mockImplementation((file, ...rest) =>
      String(file).endsWith('odd')
        ? Promise.reject(new Error('EIO: i/o error'))
        : open(file, ...rest),
    );
  onTestFinished(() => refusing.mockRestore());
  const odd = { ...lsp(), name: 'odd', command: disk.path('bin/odd') };
  const { servers, problems } = await find({ one: [odd, lsp()] });
  expect(servers).toEqual([['lsp', 'one']]);
  expect(problems).toEqual([
    expect.stringMatching(/^"odd" is not started for .*\/one: .*EIO: i\/o error/u),
  ]);
});

test('what is wrong with an entry that every folder has is told once', async () => {
  const { problems } = await find({ one: [{ name: 'what' }], two: [{ name: 'what' }] });
  expect(problems).toEqual([expect.stringContaining('"what" is none of the servers')]);
});

describe('folders that share a server', () => {
  test('and say something else of it are told, with what they disagree about; the first one counts', async () => {
    const { servers, entries, problems } = await find({
      one: [lsp({ shareKey: 'k', args: ['a'] })],
      two: [lsp({ shareKey: 'k', args: ['b'], languages: ['python'], trace: 'messages' })],
    });
    expect(servers).toEqual([['lsp', 'one', 'two']]);
    expect(entries).toMatchObject([{ args: ['a'], selectors: [{ language: 'yaml' }] }]);
    expect(problems).toEqual([
      `The folders ${disk.path('one')} and ${disk.path('two')} share the server "lsp" and disagree ` +
        'about "languages", "args", "trace". What the first one says holds: write ' +
        'the same in both, or let them have a server each.',
    ]);
  });

  test('may run it in one way only', async () => {
    const { problems } = await find({
      one: [lsp({ workspaceScoped: true })],
      two: [lsp({ workspaceScoped: true, command: undefined, pythonModule: 'lsp' })],
    });
    expect(problems).toEqual([
      expect.stringContaining('disagree about "command", "pythonModule". What'),
    ]);
  });

  test('agree when they say the same in another order', async () => {
    const shared = { shareKey: 'k', initializationOptions: { a: 1, b: { c: [2] } } };
    const reordered = { initializationOptions: { b: { c: [2] }, a: 1 }, shareKey: 'k' };
    const { problems } = await find({ one: [lsp(shared)], two: [lsp(reordered)] });
    expect(problems).toEqual([]);
  });

  test('may switch it off for themselves: that is obeyed, and no conflict', async () => {
    const { servers, problems } = await find({
      one: [lsp({ shareKey: 'k' })],
      two: [lsp({ shareKey: 'k', enable: false })],
    });
    expect({ servers, problems }).toEqual({ servers: [['lsp', 'one']], problems: [] });
  });
});

test('of two servers that do the same, the first of the list is started, and the other is told of', async () => {
  for (const name of ['vtsls', 'typescript-language-server']) {
    disk.write(`bin/${name}`, '\x7fELF');
    fs.chmodSync(disk.path(`bin/${name}`), 0o755);
  }
  const named = (name: string) => ({
    name,
    command: disk.path(`bin/${name}`),
    languages: ['yaml'],
  });
  const { servers, problems } = await find({
    one: [named('vtsls'), named('typescript-language-server')],
  });
  expect(servers).toEqual([['vtsls', 'one']]);
  expect(problems).toEqual([
    expect.stringMatching(
      /^"typescript-language-server" is not started for .*"vtsls" comes before/u,
    ),
  ]);
});

test('a server for Python is told of the Python of its folder', async () => {
  const { targets } = await find({ one: [lsp({ name: 'pyright', languages: ['python'] }), lsp()] });
  const python = disk.path('one/.venv/bin/python');
  expect(targets.map(({ interpreter }) => interpreter)).toEqual([python, undefined]);
  const folder = { uri: 'file:///one', name: 'one', interpreter: python };
  expect(targets[0]!.entry.readyMade!.answers!(folder)).toEqual({ python: { pythonPath: python } });
});

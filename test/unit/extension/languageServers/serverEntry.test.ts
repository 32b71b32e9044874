import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findReadyMade } from '../../../../extension/languageServers/readyMade.ts';
import { parseServerEntries } from '../../../../extension/languageServers/serverEntry.ts';

const parse = (...items: readonly unknown[]) =>
  parseServerEntries(items, new Set(['yaml', 'python', 'go', 'css', 'less', 'scss']));

const own = { name: 'mine', command: 'gopls', languages: ['go'] };

describe('an entry', () => {
  test('of a known server needs only its name', () => {
    const server = findReadyMade('yaml-language-server')!;
    expect(parse({ name: 'yaml-language-server' })).toEqual({
      problems: [],
      entries: [
        {
          name: 'yaml-language-server',
          enable: true,
          run: { kind: 'readyMade', server },
          readyMade: server,
          args: ['--stdio'],
          selectors: [{ language: 'dockercompose' }, { language: 'yaml' }],
          shareKey: undefined,
          initializationOptions: undefined,
          settingsSection: 'yaml',
          workspaceScoped: false,
          childProcesses: false,
          trace: 'off',
        },
      ],
    });
  });

  test('of a known server overrides what it gives', () => {
    const given = {
      name: 'vscode-css-language-server',
      enable: false,
      command: '/opt/css',
      args: ['--port=${workspaceFolder}'],
      languages: ['css'],
      initializationOptions: null,
      settingsSection: 'styles',
      childProcesses: true,
      trace: 'verbose',
    };
    const { entries, problems } = parse(given);
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([
      {
        enable: false,
        run: { kind: 'command', command: '/opt/css' },
        readyMade: { name: 'vscode-css-language-server' },
        args: ['--port=${workspaceFolder}'],
        selectors: [{ language: 'css' }],
        initializationOptions: null,
        settingsSection: 'styles',
        childProcesses: true,
        trace: 'verbose',
      },
    ]);
  });

  test('of another server says how it is run and for what', () => {
    const selectors = [{ pattern: '**/*.tmpl', scheme: 'file' }];
    const { entries, problems } = parse({ ...own, selectors, shareKey: 'a', network: 'never' });
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([
      {
        run: { kind: 'command', command: 'gopls' },
        readyMade: undefined,
        args: [],
        selectors: [{ language: 'go' }, ...selectors],
        shareKey: 'a',
        childProcesses: true,
      },
    ]);
  });

  test.each([
    [{ command: path.resolve('/opt/server') }, 'command'],
    [{ command: '${workspaceFolder}/bin/server' }, 'command'],
    [{ command: 'gopls' }, 'command'],
    [{ module: 'some-server' }, 'module'],
    [{ module: '@scope/server/bin/main.js' }, 'module'],
    [{ module: '${workspaceFolder}/server.js' }, 'module'],
    [{ pythonModule: 'jedi_language_server.cli' }, 'pythonModule'],
  ])('may be run as %o', (way, kind) => {
    const { entries, problems } = parse({ name: 'mine', languages: ['go'], ...way });
    expect(problems).toEqual([]);
    expect(entries[0]!.run.kind).toBe(kind);
  });
});

describe('an entry that cannot be used is told with what to do, and the others stay:', () => {
  test.each([
    ['no object', 'yaml', /has no name.*Write an object/u],
    ['no name', { command: 'gopls', languages: ['go'] }, /has no name/u],
    ['an empty name', { ...own, name: ' ' }, /has no name/u],
    ['not how it is run', { name: 'mine', languages: ['go'] }, /say how to run it/u],
    ['two ways', { ...own, module: 'x' }, /"command" and "module", and only one/u],
    ['an empty command', { ...own, command: ' ' }, /"command" is empty/u],
    ['a relative command', { ...own, command: './server' }, /"\.\/server".*absolute path/u],
    ['a command in a folder', { ...own, command: 'bin/x' }, /which folder that starts from/u],
    ['a folder as its command', { ...own, command: '..' }, /which folder that starts from/u],
    ['only the variable', { ...own, command: '${workspaceFolder}/' }, /"command" is/u],
    ['a relative module', { name: 'mine', module: './x.js', languages: ['go'] }, /"module" is/u],
    ['a module above its package', { name: 'mine', module: 'a/../../b' }, /"module" is/u],
    ['an option as its module', { name: 'mine', pythonModule: '-c' }, /"pythonModule" is/u],
    ['no documents', { name: 'mine', command: 'gopls' }, /give it "languages"/u],
    ['no known language', { ...own, languages: ['golang'] }, /"golang".*None is left/u],
    ['arguments in one text', { ...own, args: '--stdio' }, /"args" must be a list of texts/u],
    ['a number among them', { ...own, args: [1] }, /"args" must be a list of texts/u],
    ['an empty selector', { ...own, selectors: [{}] }, /"selectors" must be a list such as/u],
    ['the network', { ...own, network: 'always' }, /"network" must be "never": no session/u],
    ['another trace', { ...own, trace: 'all' }, /"trace" must be "off", "messages" or/u],
    ['null as enable', { ...own, enable: null }, /"enable" must be true or false/u],
  ])('%s', (_, item, message) => {
    const { entries, problems } = parse(item, { name: 'ruff' });
    expect(entries.map(({ name }) => name)).toEqual(['ruff']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      index: 0,
      message: expect.stringMatching(message) as string,
    });
  });

  test('the second of one name', () => {
    const { entries, problems } = parse(own, { ...own, command: 'other' });
    expect(entries).toMatchObject([{ run: { command: 'gopls' } }]);
    expect(problems).toEqual([
      {
        name: 'mine',
        index: 1,
        message: 'There is a server of the name "mine" already; give this one another name.',
      },
    ]);
  });
});

describe('an entry is used in spite of', () => {
  test('an unknown language, for the others', () => {
    const { entries, problems } = parse({ ...own, languages: ['golang', 'go'] });
    expect(entries[0]!.selectors).toEqual([{ language: 'go' }]);
    expect(problems).toMatchObject([
      { name: 'mine', message: expect.stringContaining('It serves the others') as string },
    ]);
  });

  test('members that mean nothing', () => {
    const { entries, problems } = parse({ ...own, cmd: 'x' });
    expect(entries).toHaveLength(1);
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^"cmd" means nothing .*"command"/u) as string },
    ]);
  });
});

test('a setting that is no list is one bad entry', () => {
  expect(parseServerEntries(7, new Set())).toMatchObject({ entries: [], problems: [{ index: 0 }] });
  expect(parseServerEntries([], new Set())).toEqual({ entries: [], problems: [] });
});

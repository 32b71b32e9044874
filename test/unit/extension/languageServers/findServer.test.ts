import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findServer } from '../../../../extension/languageServers/findServer.ts';
import type { ServerPlaces } from '../../../../extension/languageServers/foundServer.ts';
import { parseServerEntries } from '../../../../extension/languageServers/serverEntry.ts';
import { Project } from '../../../support/project.ts';

const yaml = 'yaml-language-server';
const manifest = (name: string, bin: unknown, version = '1.2.3') =>
  JSON.stringify({ name, version, bin });
const nodeScript = '#!/usr/bin/env node\n';

let disk: Project;
beforeEach(() => {
  disk = new Project({ 'home/app/.git/HEAD': '', 'home/app/pkg/a.yaml': '', 'home/.netrc': '' });
});
afterEach(() => disk[Symbol.dispose]());

function install(folder: string, name: string, bin: Record<string, string>): void {
  disk.write(`${folder}/node_modules/${name}/package.json`, manifest(name, bin));
  for (const file of Object.values(bin)) {
    disk.write(`${folder}/node_modules/${name}/${file}`, nodeScript);
  }
}

function program(name: string, text = '\x7fELF'): string {
  const file = disk.write(name, text);
  fs.chmodSync(file, 0o755);
  return file;
}

function link(name: string, target: string): void {
  fs.mkdirSync(path.dirname(disk.path(name)), { recursive: true });
  fs.symlinkSync(target, disk.path(name));
}

function environment(): string {
  disk.write('home/app/.venv/pyvenv.cfg', 'home = /usr/bin\n');
  return program('home/app/.venv/bin/python');
}

const sites = 'home/app/.venv/lib/python3.12/site-packages';

function find(item: Readonly<Record<string, unknown>>, places: Partial<ServerPlaces> = {}) {
  const { entries, problems } = parseServerEntries([item], new Set(['go']));
  expect(problems).toEqual([]);
  return findServer(entries[0]!, disk.path('home/app/pkg'), {
    searchPath: ['bin', 'usr/bin'].map(name => disk.path(name)).join(path.delimiter),
    interpreter: async () => undefined,
    home: disk.path('home'),
    ...places,
  });
}

const own = (way: Readonly<Record<string, unknown>>) => ({ name: 'x', languages: ['go'], ...way });

test('what may be run need not be readable', async () => {
  const file = program('bin/gopls');
  fs.chmodSync(file, 0o111);
  // A test may run as root, who may read everything.
  const refusing = vi
    .spyOn(fs.promises, 'open')
    .mockRejectedValue(Object.assign(new Error('permission denied'), { code: 'EACCES' }));
  onTestFinished(() => refusing.mockRestore());
  expect(await find(own({ command: 'gopls' }))).toMatchObject({
    launch: { kind: 'program', program: file, args: [] },
  });
});

describe('a server of the project', () => {
  test('is its package of the nearest folder, run as a module', async () => {
    install('home/app', yaml, { [yaml]: 'bin/old' });
    install('home/app/pkg', yaml, { [yaml]: 'bin/server' });
    expect(await find({ name: yaml })).toEqual({
      launch: {
        kind: 'node',
        module: disk.path(`home/app/pkg/node_modules/${yaml}/bin/server`),
        args: ['--stdio'],
      },
      directory: disk.path(`home/app/pkg/node_modules/${yaml}`),
      origin: 'project',
      version: '1.2.3',
    });
  });

  test('may be installed at the project’s root, and not above it', async () => {
    install('home/app', yaml, { [yaml]: 'bin/server' });
    expect(await find({ name: yaml })).toMatchObject({ origin: 'project' });
    fs.rmSync(disk.path('home/app/node_modules'), { recursive: true });
    install('home', yaml, { [yaml]: 'bin/server' });
    expect(await find({ name: yaml })).toHaveProperty('missing');
  });

  test('may be a link to a store, which is shown with what lies beside it', async () => {
    install('store', yaml, { [yaml]: 'bin/server' });
    link(`home/app/node_modules/${yaml}`, disk.path(`store/node_modules/${yaml}`));
    expect(await find({ name: yaml })).toMatchObject({
      launch: { module: disk.path(`store/node_modules/${yaml}/bin/server`) },
      directory: disk.path('store/node_modules'),
      origin: 'project',
    });
  });

  test('is not another package that a link of its name leads to', async () => {
    install('store', 'other', { [yaml]: 'bin/server' });
    link(`home/app/node_modules/${yaml}`, disk.path('store/node_modules/other'));
    expect(await find({ name: yaml })).toHaveProperty('missing');
  });

  test('is not a file outside of its package', async () => {
    disk.write(`home/app/node_modules/${yaml}/package.json`, manifest(yaml, '../../../.netrc'));
    expect(await find({ name: yaml })).toHaveProperty('missing');
  });

  test('may be known by its link among the programs alone', async () => {
    install('home/app/tools', 'gopls-js', { gopls: 'main.js' });
    program('home/app/tools/node_modules/gopls-js/main.js', nodeScript);
    link('home/app/node_modules/.bin/gopls', '../../tools/node_modules/gopls-js/main.js');
    expect(await find(own({ command: 'gopls' }))).toMatchObject({
      launch: { kind: 'node', args: [] },
      directory: disk.path('home/app/tools/node_modules/gopls-js'),
      origin: 'project',
    });
  });

  test('is no program outside that is not an installed package', async () => {
    program('home/.ssh/tool');
    link('home/app/node_modules/.bin/gopls', disk.path('home/.ssh/tool'));
    expect(await find(own({ command: 'gopls' }))).toHaveProperty('missing');
  });
});

describe('a server of Python', () => {
  test('is a module that the folder’s interpreter can run', async () => {
    const interpreter = environment();
    disk.write(`${sites}/pylsp/__main__.py`, '');
    disk.write(`${sites}/python_lsp_server-1.7.1.dist-info/METADATA`, '');
    expect(await find({ name: 'pylsp' }, { interpreter: async () => interpreter })).toEqual({
      launch: { kind: 'python', interpreter, args: ['-m', 'pylsp'] },
      directory: disk.path(sites),
      origin: 'environment',
      version: '1.7.1',
    });
  });

  test('may be a program beside it', async () => {
    const interpreter = environment();
    program('home/app/.venv/bin/ruff');
    program('bin/ruff');
    disk.write(`${sites}/ruff-0.16.9.dist-info/METADATA`, '');
    expect(await find({ name: 'ruff' }, { interpreter: async () => interpreter })).toEqual({
      launch: { kind: 'program', program: disk.path('home/app/.venv/bin/ruff'), args: ['server'] },
      directory: disk.path('home/app/.venv/bin'),
      origin: 'environment',
      version: '0.16.9',
    });
  });

  test('may be a script of another installation on the path', async () => {
    const python = program('pipx/venv/bin/python');
    disk.write('pipx/venv/pyvenv.cfg', '');
    disk.write('pipx/venv/lib/python3.11/site-packages/python_lsp_server-1.9.dist-info/RECORD', '');
    program('pipx/venv/bin/pylsp', `#!${python}\nimport pylsp\n`);
    link('bin/pylsp', disk.path('pipx/venv/bin/pylsp'));
    const interpreter = environment();
    expect(await find({ name: 'pylsp' }, { interpreter: async () => interpreter })).toEqual({
      launch: { kind: 'python', interpreter: python, args: [disk.path('bin/pylsp')] },
      directory: disk.path('pipx/venv/bin'),
      origin: 'path',
      version: '1.9',
    });
  });

  test('may be a module that is linked to where it is developed', async () => {
    const interpreter = environment();
    disk.write(`${sites}/__editable__.mine-0.1.pth`, '/src/mine\n');
    const item = own({ pythonModule: 'mine.server' });
    expect(await find(item, { interpreter: async () => interpreter })).toMatchObject({
      launch: { args: ['-m', 'mine.server'] },
      version: undefined,
    });
  });

  test('is looked for elsewhere when there is no Python', async () => {
    program('bin/ruff');
    const none = () => Promise.reject(new Error('no Python was found'));
    expect(await find({ name: 'ruff' }, { interpreter: none })).toMatchObject({ origin: 'path' });
    expect(await find(own({ pythonModule: 'mine' }), { interpreter: none })).toEqual({
      missing: expect.stringContaining('greenroom.python.interpreter can name one') as string,
    });
  });
});

describe('a server on the path', () => {
  test('that npm installed for all is run by our own Node', async () => {
    install('usr/lib', yaml, { [yaml]: 'bin/server' });
    fs.chmodSync(disk.path(`usr/lib/node_modules/${yaml}/bin/server`), 0o755);
    link(`usr/bin/${yaml}`, `../lib/node_modules/${yaml}/bin/server`);
    expect(await find({ name: yaml })).toEqual({
      launch: {
        kind: 'node',
        module: disk.path(`usr/lib/node_modules/${yaml}/bin/server`),
        args: ['--stdio'],
      },
      directory: disk.path('usr/lib/node_modules'),
      origin: 'path',
      version: '1.2.3',
    });
  });

  test('is run by the name it was found by, and shown where it really is', async () => {
    program('opt/rust/bin/proxy');
    link('bin/rust-analyzer', disk.path('opt/rust/bin/proxy'));
    expect(await find(own({ command: 'rust-analyzer' }))).toEqual({
      launch: { kind: 'program', program: disk.path('bin/rust-analyzer'), args: [] },
      directory: disk.path('opt/rust/bin'),
      origin: 'path',
      version: undefined,
    });
  });
});

describe('a server that the user names', () => {
  test('is a path in which the folder has its place, as in the arguments', async () => {
    program('home/app/pkg/bin/server');
    const item = own({
      command: '${workspaceFolder}/bin/server',
      args: ['--root=${workspaceFolder}'],
    });
    const folder = disk.path('home/app/pkg');
    expect(await find(item)).toEqual({
      launch: { kind: 'program', program: `${folder}/bin/server`, args: [`--root=${folder}`] },
      directory: `${folder}/bin`,
      origin: 'given',
      version: undefined,
    });
  });

  test('shows only itself where it lies in the home folder', async () => {
    const command = program('home/server');
    expect(await find(own({ command }))).toMatchObject({ directory: command });
  });

  test('may be a module, which need not be executable', async () => {
    const module = disk.write('home/app/server.js', '');
    expect(await find(own({ module }))).toMatchObject({
      launch: { kind: 'node', module },
      origin: 'given',
    });
  });

  test('may be a package, or a file in it where it brings several programs', async () => {
    install('home/app', '@scope/one', { 'one-cli': 'cli.js' });
    install('home/app', 'many', { a: 'bin/a', b: 'bin/b' });
    const moduleOf = (name: string) => disk.path('home/app/node_modules', name);
    expect(await find(own({ module: '@scope/one' }))).toMatchObject({
      launch: { module: moduleOf('@scope/one/cli.js') },
    });
    expect(await find(own({ module: 'many/bin/b' }))).toMatchObject({
      launch: { module: moduleOf('many/bin/b') },
    });
    expect(await find(own({ module: 'many' }))).toEqual({
      missing:
        'The package many brings several programs: bin/a, bin/b. Write "many/" and the file\'s path there.',
    });
  });
});

describe('a server that is not found says where it was looked for and what to do:', () => {
  const missing = (part: string) => ({ missing: expect.stringContaining(part) as string });

  test('how to install a known one', async () => {
    const folder = disk.path('home/app/pkg');
    expect(await find({ name: yaml })).toEqual({
      missing:
        `YAML Language Server was not found: there is no ${yaml} in the node_modules of ${folder} and ` +
        `of the folders above it, nor on the PATH. Install it: "npm install --save-dev ${yaml}".`,
    });
    expect(await find({ name: 'pyright' })).toEqual(
      missing('Install it: "npm install --save-dev pyright" or "pip install pyright".'),
    );
  });

  test('a program that is there and may not be run', async () => {
    const command = disk.write('home/app/server', '');
    expect(await find(own({ command }))).toEqual(missing('which is there but may not be run'));
  });

  test('paths that lead nowhere, or to a folder', async () => {
    const command = disk.path('home/nothing');
    expect(await find(own({ command }))).toEqual(missing('which is not there'));
    expect(await find(own({ module: disk.path('home/app') }))).toEqual(missing('is no file'));
  });

  test('names that nothing has', async () => {
    const interpreter = environment();
    const places = { interpreter: async () => interpreter };
    expect(await find(own({ command: 'gopls' }))).toEqual(missing('no program gopls'));
    expect(await find(own({ module: 'nothing' }))).toEqual(missing('npm install --save-dev'));
    expect(await find(own({ pythonModule: 'nothing' }), places)).toEqual(missing(interpreter));
  });
});

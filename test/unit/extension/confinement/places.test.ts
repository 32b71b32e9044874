import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram } from '../../../../extension/confinement/findProgram.ts';
import { linkedPackages } from '../../../../extension/confinement/linkedPackages.ts';
import { programPlaces } from '../../../../extension/confinement/programPlaces.ts';
import {
  foldersAboveProject,
  projectRootOf,
} from '../../../../extension/confinement/projectRoot.ts';
import { realPlace } from '../../../../extension/confinement/realPlace.ts';
import { visibleParts } from '../../../../extension/confinement/visibleParts.ts';
import { Project } from '../../../support/project.ts';

let disk: Project;
beforeEach(() => void (disk = new Project()));
afterEach(() => disk[Symbol.dispose]());

function link(name: string, target: string): void {
  const file = disk.path(name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.symlinkSync(target, file);
}

describe('the real place of a path', () => {
  test('is told with every link on the way', async () => {
    disk.write('data/project/src/a.ts', '');
    link('home/work', '../data');
    link('home/work2', 'work');
    expect(await realPlace(disk.path('home/work2/project'))).toEqual({
      path: disk.path('data/project'),
      links: [
        { path: disk.path('home/work2'), target: 'work' },
        { path: disk.path('home/work'), target: '../data' },
      ],
    });
  });

  test('is itself when there are none, whatever characters are in it', async () => {
    disk.write('a b:ü/x', '');
    expect(await realPlace(disk.path('a b:ü'))).toEqual({ path: disk.path('a b:ü'), links: [] });
  });

  test('is not found for what is not there, nor for links in a circle', async () => {
    link('one', 'two');
    link('two', 'one');
    await expect(realPlace(disk.path('nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(realPlace(disk.path('one'))).rejects.toThrow('too many links');
  });
});

describe('what is visible of a folder', () => {
  test('is all of it for a project, also in the home folder', async () => {
    disk.write('home/project/.env', '');
    const project = disk.path('home/project');
    expect(await visibleParts(project, disk.path('home'))).toEqual([project]);
  });

  test('is what is not hidden for the home folder itself', async () => {
    for (const name of ['.ssh/id', '.netrc', '.prettierrc', 'project/.env', 'notes.md']) {
      disk.write(`home/${name}`, '');
    }
    const parts = await visibleParts(disk.path('home'), disk.path('home'));
    const expected = ['.prettierrc', 'notes.md', 'project'];
    expect([...parts].sort()).toEqual(expected.map(name => disk.path(`home/${name}`)));
  });

  test('is less the home folder for one that holds it', async () => {
    for (const name of ['users/me/.ssh/id', 'users/me/project/a', 'users/you/b', 'data/c']) {
      disk.write(name, '');
    }
    const parts = await visibleParts(disk.root, disk.path('users/me'));
    const expected = ['data', 'users/me/project', 'users/you'];
    expect([...parts].sort()).toEqual(expected.map(name => disk.path(name)));
  });

  test('of the whole file system leaves out what is no project of anybody', async () => {
    const parts = await visibleParts('/', '/home/nobody-of-that-name');
    for (const hidden of ['/proc', '/root', '/run', '/var', '/tmp', '/']) {
      expect(parts).not.toContain(hidden);
    }
    expect(parts).toContain('/etc');
  });
});

describe('the project of a folder', () => {
  test('is the repository that it is in', async () => {
    disk.write('repo/.git/HEAD', '');
    disk.write('repo/package.json', '');
    disk.write('package.json', '');
    disk.write('repo/packages/a/package.json', '');
    const root = await projectRootOf(disk.path('repo/packages/a'), '/home/nobody');
    expect(root).toBe(disk.path('repo'));
  });

  test('is the highest package, or the folder itself, and never the home folder', async () => {
    disk.write('home/package.json', '');
    disk.write('home/app/package.json', '');
    disk.write('home/app/packages/a/x', '');
    const home = disk.path('home');
    expect(await projectRootOf(disk.path('home/app/packages/a'), home)).toBe(disk.path('home/app'));
    disk.write('home/plain/x', '');
    expect(await projectRootOf(disk.path('home/plain'), home)).toBe(disk.path('home/plain'));
    expect(await projectRootOf(home, home)).toBe(home);
  });
});

test('packages that somebody has installed above a project do not make all beside it a part of it', async () => {
  disk.write('code/node_modules/x/package.json', '');
  disk.write('code/other/.env', '');
  disk.write('code/app/package.json', '');
  disk.write('code/app/node_modules/x/package.json', '');
  disk.write('code/plain/x', '');
  const rootOf = (name: string) => projectRootOf(disk.path(name), '/home/nobody');
  expect(await rootOf('code/app')).toBe(disk.path('code/app'));
  expect(await rootOf('code/plain')).toBe(disk.path('code/plain'));
  const above = await foldersAboveProject(disk.path('code/app'), disk.root);
  expect(above).toEqual([disk.path('code')]);
  disk.write('code/app/.git/HEAD', '');
  expect(await foldersAboveProject(disk.path('code/app'), disk.root)).toEqual([]);
});

describe('packages that are links to outside', () => {
  test('count when they lie in a store, by its form', async () => {
    const global = 'store/links/@/pkg/1.0.0/abc/node_modules/pkg';
    disk.write(`${global}/package.json`, '{}');
    disk.write('flat/node_modules/@scope/other/package.json', '{}');
    link('project/node_modules/pkg', disk.path(global));
    link('project/node_modules/@scope/other', disk.path('flat/node_modules/@scope/other'));
    expect([...(await linkedPackages(disk.path('project')))].sort()).toEqual([
      disk.path('flat/node_modules'),
      disk.path('store/links'),
    ]);
  });

  test('count for nothing when they lead anywhere else', async () => {
    disk.write('home/.ssh/id', 'secret');
    disk.write('home/other/package.json', '{"name": "other"}');
    disk.write('project/node_modules/.store/inner/package.json', '{}');
    link('project/node_modules/ssh', disk.path('home/.ssh'));
    link('project/node_modules/other', disk.path('home/other'));
    link('project/node_modules/inner', '.store/inner');
    link('project/node_modules/broken', 'nothing');
    link('project/node_modules/@scope', disk.path('home'));
    expect(await linkedPackages(disk.path('project'))).toEqual([]);
  });
});

describe('a program', () => {
  test('is found in the folders of the path, in their order, where it can be run', async () => {
    fs.chmodSync(disk.write('two/tool', ''), 0o755);
    fs.chmodSync(disk.write('three/tool', ''), 0o755);
    disk.write('one/tool', '');
    const folders = ['relative', ...['one', 'two', 'three'].map(name => disk.path(name))];
    expect(await findProgram('tool', folders.join(path.delimiter))).toBe(disk.path('two/tool'));
  });

  test('is itself where it has a folder, or is nowhere', async () => {
    expect(await findProgram('/bin/tool', disk.root)).toBe('/bin/tool');
    expect(await findProgram('tool', disk.root)).toBe('tool');
    expect(await findProgram('tool')).toBe('tool');
  });
});

describe('what a program needs', () => {
  test('of Node is the folder it really is in', async () => {
    disk.write('opt/node/bin/node', '');
    link('bin/node', disk.path('opt/node/bin/node'));
    expect(await programPlaces(disk.path('bin/node'), 'node')).toEqual([disk.path('opt/node/bin')]);
  });

  test('of an application of macOS is all of it', async () => {
    const helper = 'Code.app/Contents/Frameworks/Code Helper.app/Contents/MacOS/Code Helper';
    disk.write(helper, '');
    expect(await programPlaces(disk.path(helper), 'node')).toEqual([disk.path('Code.app')]);
  });

  test('of Python is its environment and what this was made of', async () => {
    disk.write('opt/python/bin/python3.12', '');
    disk.write('app/.venv/pyvenv.cfg', `home = ${disk.path('opt/python/bin')}\nversion = 3.12\n`);
    link('app/.venv/bin/python', disk.path('opt/python/bin/python3.12'));
    const installation = ['bin', 'lib', 'lib64'].map(name => disk.path('opt/python', name));
    expect(await programPlaces(disk.path('app/.venv/bin/python'), 'python')).toEqual([
      disk.path('opt/python/bin/python3.12'),
      disk.path('app/.venv'),
      ...installation,
      ...installation,
    ]);
  });

  test('is not what a project says that its environment was made of, if no Python is there', async () => {
    disk.write('opt/python/bin/python3.12', '');
    disk.write('home/.ssh/id', '');
    disk.write('home/.ssh/bin/tool', '');
    disk.write('app/.venv/pyvenv.cfg', `home = ${disk.path('home/.ssh/bin')}\n`);
    link('app/.venv/bin/python', disk.path('opt/python/bin/python3.12'));
    const places = await programPlaces(disk.path('app/.venv/bin/python'), 'python');
    expect(places.filter(place => place.startsWith(disk.path('home')))).toEqual([]);
  });

  test('of what only pretends to be Python is that file alone', async () => {
    disk.write('home/.config/cloud/credentials.db', '');
    disk.write('app/.venv/pyvenv.cfg', `home = ${disk.path('home/.config/cloud')}\n`);
    link('app/.venv/bin/python', disk.path('home/.config/cloud/credentials.db'));
    expect(await programPlaces(disk.path('app/.venv/bin/python'), 'python')).toEqual([
      disk.path('home/.config/cloud/credentials.db'),
      disk.path('app/.venv'),
    ]);
  });
});

import fs from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { behindShim } from '../../../../extension/confinement/behindShim.ts';
import { Project } from '../../../support/project.ts';

let disk: Project;
beforeEach(() => {
  disk = new Project({ 'work/app/src/a.py': '' });
  program('pyenv/shims/python3');
  for (const version of ['3.9.18', '3.12.1', '3.12.10', '3.12-dev']) {
    program(`pyenv/versions/${version}/bin/python3`);
  }
  program('other/python3');
});
afterEach(() => disk[Symbol.dispose]());

function program(name: string): string {
  const file = disk.write(name, '');
  fs.chmodSync(file, 0o755);
  return file;
}

const shim = () => disk.path('pyenv/shims/python3');
const version = (name: string) => disk.path(`pyenv/versions/${name}/bin/python3`);
const searchPath = () => `${disk.path('pyenv/shims')}:${disk.path('other')}`;
const resolve = (from = 'work/app/src') => behindShim(shim(), disk.path(from), searchPath());

test('a shim starts the version that the nearest file names', async () => {
  disk.write('pyenv/version', '3.12.1\n');
  expect(await resolve()).toBe(version('3.12.1'));
  disk.write('work/.python-version', '3.9.18\n');
  expect(await resolve()).toBe(version('3.9.18'));
  disk.write('work/app/.python-version', '# none\n\n');
  expect(await resolve()).toBe(version('3.9.18'));
});

test.each([
  ['3.12', '3.12.10'],
  ['python-3.9', '3.9.18'],
  ['python-3.12.1', '3.12.1'],
  ['3.12-dev', '3.12-dev'],
  ['\n# the one we deploy\n  3.9.18  # or later\r\n3.12.1\n', '3.9.18'],
  ['2.7\n3.9.18\n', '3.9.18'],
])('%j names version %s', async (text, name) => {
  disk.write('work/.python-version', text);
  expect(await resolve()).toBe(version(name));
});

test('the system is the next program on the path, also where no file names anything', async () => {
  expect(await resolve()).toBe(disk.path('other/python3'));
  disk.write('pyenv/version', '3.9.18\n');
  disk.write('work/.python-version', 'system\n');
  expect(await resolve()).toBe(disk.path('other/python3'));
});

test('a shim is itself when what is named is not installed', async () => {
  disk.write('work/.python-version', '3.7\n');
  expect(await resolve()).toBe(shim());
});

test('a project cannot name a place of its own', async () => {
  program('work/bin/python3');
  disk.write('work/.python-version', '../../work\n');
  expect(await resolve()).toBe(shim());
});

test('every other program is itself', async () => {
  disk.write('work/.python-version', '3.9.18\n');
  const elsewhere = program('asdf/shims/python3');
  expect(await behindShim(elsewhere, disk.path('work'), searchPath())).toBe(elsewhere);
  expect(await behindShim('/usr/bin/python3', disk.path('work'))).toBe('/usr/bin/python3');
});

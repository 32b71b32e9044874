import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  locateInterpreter,
  type InterpreterQuery,
} from '../../../../../extension/features/python/locateInterpreter.ts';
import { Project } from '../../../../support/project.ts';

const nobody = () => Promise.resolve(undefined);

function locate(project: Project, query: Partial<InterpreterQuery> = {}): Promise<string> {
  return locateInterpreter({
    folder: project.root,
    setting: '',
    chosen: nobody,
    searchPath: '',
    ...query,
  });
}

describe('the interpreter of a folder is', () => {
  const environment = { '.venv/pyvenv.cfg': '', '.venv/bin/python': '' };
  const elsewhere = { 'bin/python3': '', 'chosen/python': '' };

  test('the one that the setting names, before all others', async () => {
    using project = new Project({ ...environment, ...elsewhere, 'my/python': '' });
    const chosen = () => Promise.resolve(project.path('chosen/python'));
    const all = { chosen, searchPath: project.path('bin') };
    expect(await locate(project, { ...all, setting: 'my/python' })).toBe(project.path('my/python'));
    expect(await locate(project, all)).toBe(project.path('.venv/bin/python'));
  });

  test('the one chosen in the Python extension, before that of the PATH', async () => {
    using project = new Project(elsewhere);
    const searchPath = [project.path('empty'), project.path('bin')].join(path.delimiter);
    const chosen = () => Promise.resolve(project.path('chosen/python'));
    expect(await locate(project, { chosen, searchPath })).toBe(project.path('chosen/python'));
    const gone = () => Promise.resolve(project.path('gone/python'));
    expect(await locate(project, { chosen: gone, searchPath })).toBe(project.path('bin/python3'));
  });

  test('not that of a folder which only looks like a virtual environment', async () => {
    using project = new Project({ 'env/bin/python': '', 'bin/python': '' });
    expect(await locate(project, { searchPath: project.path('bin') })).toBe(
      project.path('bin/python'),
    );
  });

  test('the version that a shim of pyenv starts for the folder', async () => {
    using project = new Project({
      'pyenv/shims/python3': '',
      'pyenv/versions/3.12.1/bin/python3': '',
      '.python-version': '3.12.1\n',
    });
    fs.chmodSync(project.path('pyenv/versions/3.12.1/bin/python3'), 0o755);
    expect(await locate(project, { searchPath: project.path('pyenv/shims') })).toBe(
      project.path('pyenv/versions/3.12.1/bin/python3'),
    );
  });

  test('never one of the current folder, whatever the PATH says', async () => {
    using project = new Project();
    await expect(locate(project, { searchPath: `.${path.delimiter}` })).rejects.toMatchObject({
      code: 'tool.notFound',
      message: expect.stringContaining('greenroom.python.interpreter') as string,
    });
  });

  test.each([
    ['gone/python', 'is not there'],
    ['folder', 'is a folder'],
  ])('an error that says so when the setting is %s', async (setting, reason) => {
    using project = new Project({ 'folder/file': '' });
    await expect(locate(project, { setting })).rejects.toMatchObject({
      code: 'tool.notFound',
      message: expect.stringContaining(`${project.path(setting)}, which ${reason}`) as string,
    });
  });
});

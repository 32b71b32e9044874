import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  locateESLint,
  type ESLintSearch,
} from '../../../../../extension/features/linting/locateESLint.ts';
import { Project } from '../../../../support/project.ts';

const manifest = (version: string) => JSON.stringify({ name: 'eslint', version });

describe('the ESLint of a file', () => {
  let project: Project;

  beforeEach(() => {
    project = new Project({
      'node_modules/eslint/package.json': manifest('8.57.1'),
      'app/node_modules/eslint/package.json': manifest('9.0.0'),
      'app/packages/own/eslint.config.mjs': '',
      'app/packages/own/src/a.js': '',
      'app/packages/shared/src/a.js': '',
      'app/packages/installed/node_modules/eslint/package.json': manifest('10.0.0'),
      'app/packages/installed/src/a.js': '',
      'plain/src/a.js': '',
    });
  });
  afterEach(() => project[Symbol.dispose]());

  const find = (from: string, folder: string, changes: Partial<ESLintSearch> = {}) =>
    locateESLint({
      from: project.path(from),
      folder: project.path(folder),
      explicitPath: '',
      workingDirectories: [],
      ...changes,
    });

  test('is the nearest one upward, and works where it is installed', async () => {
    expect(await find('app/packages/shared/src', 'app')).toEqual({
      directory: project.path('app/node_modules/eslint'),
      version: '9.0.0',
      root: project.path('app'),
    });
    expect(await find('app/packages/installed/src', 'app')).toMatchObject({
      version: '10.0.0',
      root: project.path('app/packages/installed'),
    });
  });

  test('works where the nearest flat configuration is', async () => {
    expect(await find('app/packages/own/src', 'app')).toMatchObject({
      version: '9.0.0',
      root: project.path('app/packages/own'),
    });
  });

  test.each([
    ['9.39.5', 'app/packages/own'],
    ['10.0.0', 'app'],
  ])('of version %s works in %s when suppressions are kept above', async (version, root) => {
    project.write('app/node_modules/eslint/package.json', manifest(version));
    project.write('app/eslint-suppressions.json', '{}');
    const found = await find('app/packages/own/src', 'app');
    expect(found).toMatchObject({ version, root: project.path(root) });
  });

  test('works for the workspace folder when it is installed above', async () => {
    expect(await find('plain/src', 'plain')).toMatchObject({
      version: '8.57.1',
      root: project.path('plain'),
    });
    expect(await find('app/packages/own/src', 'app/packages/own/src')).toMatchObject({
      root: project.path('app/packages/own/src'),
    });
  });

  test('works where the user wants it', async () => {
    const workingDirectories = ['packages', 'packages/own/src', 'elsewhere'];
    const root = async (from: string) => (await find(from, 'app', { workingDirectories }))?.root;
    expect(await root('app/packages/own/src')).toBe(project.path('app/packages/own/src'));
    expect(await root('app/packages/shared')).toBe(project.path('app/packages'));
    expect(await root('app')).toBe(project.path('app'));
  });

  test('is the one the user names, if it is there', async () => {
    const explicitPath = '../node_modules/eslint';
    expect(await find('app', 'app', { explicitPath })).toMatchObject({ version: '8.57.1' });
    await expect(find('app', 'app', { explicitPath: 'nowhere' })).rejects.toMatchObject({
      code: 'tool.notFound',
    });
  });
});

test('a project need not have an ESLint', async () => {
  using project = new Project({ 'a.js': '' });
  const found = await locateESLint({
    from: project.root,
    folder: project.root,
    explicitPath: '',
    workingDirectories: [],
  });
  expect(found).toBeUndefined();
});

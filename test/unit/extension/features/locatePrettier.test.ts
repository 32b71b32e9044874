import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  locatePrettier,
  type PrettierSearch,
} from '../../../../extension/features/formatting/locatePrettier.ts';
import { Project } from '../../../support/project.ts';

const manifest = (version: string) => JSON.stringify({ name: 'prettier', version });

describe('the Prettier of a file', () => {
  let project: Project;

  beforeEach(() => {
    project = new Project({
      'bundled/package.json': manifest('3.9.9'),
      'app/node_modules/prettier/package.json': manifest('3.0.0'),
      'app/packages/old/node_modules/prettier/package.json': manifest('2.8.8'),
      'app/packages/old/src/a.ts': '',
      'app/packages/new/src/a.ts': '',
      'plain/a.ts': '',
    });
  });
  afterEach(() => project[Symbol.dispose]());

  const find = (from: string, folder: string | undefined, changes: Partial<PrettierSearch> = {}) =>
    locatePrettier({
      from: project.path(from),
      folder: folder === undefined ? undefined : project.path(folder),
      explicitPath: '',
      source: 'projectThenBundled',
      bundledDirectory: project.path('bundled'),
      trusted: true,
      ...changes,
    });

  test('is the nearest one upward, and works where it is installed', async () => {
    expect(await find('app/packages/old/src', 'app')).toEqual({
      directory: project.path('app/packages/old/node_modules/prettier'),
      version: '2.8.8',
      origin: 'project',
      root: project.path('app/packages/old'),
      ignoreRoots: [project.path('app'), project.path('app/packages/old')],
    });
    expect(await find('app/packages/new/src', 'app')).toMatchObject({
      version: '3.0.0',
      root: project.path('app'),
      ignoreRoots: [project.path('app')],
    });
  });

  test('above the workspace folder works for the folder', async () => {
    expect(await find('app/packages/new/src', 'app/packages/new')).toMatchObject({
      version: '3.0.0',
      root: project.path('app/packages/new'),
    });
  });

  test('of a project without one is the bundled one, unless none is wanted', async () => {
    expect(await find('plain', 'plain')).toMatchObject({ version: '3.9.9', origin: 'bundled' });
    expect(await find('plain', undefined)).toMatchObject({ root: project.path('plain') });
    expect(await find('plain', 'plain', { source: 'projectOnly' })).toBeUndefined();
  });

  test('is the bundled one when the user wants no other, or the workspace is not trusted', async () => {
    expect(await find('app', 'app', { source: 'bundledOnly' })).toMatchObject({
      origin: 'bundled',
    });
    expect(
      await find('app', 'app', { trusted: false, explicitPath: 'node_modules/prettier' }),
    ).toMatchObject({ origin: 'bundled' });
    expect(await find('app', 'app', { trusted: false, source: 'projectOnly' })).toBeUndefined();
  });

  test('can be named, relative to the folder', async () => {
    const named = { explicitPath: 'packages/old/node_modules/prettier' };
    expect(await find('app/packages/new', 'app', named)).toMatchObject({
      version: '2.8.8',
      root: project.path('app'),
    });
  });

  test('that is named but not there, or is something else, is a clear error', async () => {
    project.write('else/package.json', '{"name":"uglier","version":"1.0.0"}');
    project.write('broken/package.json', '{');
    for (const [explicitPath, reason] of [
      ['nowhere', /ENOENT/u],
      ['../else', /names it "uglier"/u],
      ['../broken', /JSON/u],
    ] as const) {
      await expect(find('app', 'app', { explicitPath })).rejects.toMatchObject({
        code: 'tool.notFound',
        message: expect.stringMatching(reason) as string,
      });
    }
  });

  test('that is a link is known by the real place', async () => {
    fs.symlinkSync(
      project.path('app/node_modules'),
      project.path('plain/node_modules'),
      'junction',
    );
    expect(await find('plain', 'plain')).toMatchObject({
      directory: project.path('app/node_modules/prettier'),
      root: project.path('plain'),
    });
  });
});

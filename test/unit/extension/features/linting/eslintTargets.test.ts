import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { ESLintTargets } from '../../../../../extension/features/linting/eslintTargets.ts';
import * as fake from '../../../../support/fakeVSCode.ts';
import { Project } from '../../../../support/project.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

/** The only folder of a window, with an ESLint, and one of its files. */
function open(
  settings: { eslintEnable: string; eslintValidate?: readonly string[] },
  isToldByServer = false,
) {
  const project = new Project({
    'node_modules/eslint/package.json': '{"name":"eslint","version":"9.1.0"}',
  });
  onTestFinished(() => project[Symbol.dispose]());
  const folder = { uri: fake.Uri.parse(`file://${project.root}`) };
  fake.workspace.getWorkspaceFolder = uri =>
    uri.fsPath.startsWith(project.root) ? folder : undefined;
  const all = {
    eslintPath: '',
    eslintWorkingDirectories: [],
    eslintValidate: ['javascript'],
    eslintTimeoutMs: 7,
    nodePath: '',
    confinement: 'off',
    ...settings,
  };
  const configuration = { settingsFor: () => all };
  const servers = { tells: () => isToldByServer };
  const targets = new ESLintTargets(
    configuration as never,
    { executable: 'node' } as never,
    servers as never,
  );
  const document = (path: string, languageId = 'javascript') =>
    ({ uri: fake.Uri.parse(`file://${path}`), languageId }) as never;
  return { targets, project, document };
}

afterEach(() => {
  fake.workspace.isTrusted = true;
  fake.extensions.installed.clear();
});

test('a file is linted by a session of its own folder, in which ESLint works', async () => {
  const { targets, project, document } = open({ eslintEnable: 'auto' });
  expect(await targets.forDocument(document(project.path('src/a.js')))).toMatchObject({
    by: { name: 'eslint', version: '9.1.0', root: project.root },
    tool: { name: 'eslint', root: project.root, trusted: true },
    request: { launch: { cwd: project.root } },
    timeoutMs: 7,
  });
});

test('without trust no session is asked for', async () => {
  const { targets, project, document } = open({ eslintEnable: 'on' });
  fake.workspace.isTrusted = false;
  expect(await targets.forDocument(document(project.path('a.js')))).toBe('restricted');
});

test.each([
  ['auto', 'otherExtension'],
  ['on', expect.objectContaining({ timeoutMs: 7 })],
  ['off', 'disabled'],
])('beside the ESLint extension, "%s" gives %o', async (eslintEnable, expected) => {
  const { targets, project, document } = open({ eslintEnable });
  fake.extensions.installed.add('dbaeumer.vscode-eslint');
  expect(await targets.forDocument(document(project.path('a.js')))).toEqual(expected);
});

test('only files of the workspace are meant, in the languages that the user wants', () => {
  const { targets, project, document } = open({ eslintEnable: 'on' });
  expect(targets.isMeant(document(project.path('a.js')))).toBe(true);
  expect(targets.isMeant(document(project.path('a.py'), 'python'))).toBe(false);
  expect(targets.isMeant(document('/elsewhere/a.js'))).toBe(false);
});

test('a file is left to a language server that tells its problems', () => {
  const file = (isToldByServer: boolean) => {
    const { targets, project, document } = open({ eslintEnable: 'auto' }, isToldByServer);
    return targets.isMeant(document(project.path('src/a.js')));
  };
  expect([file(false), file(true)]).toEqual([true, false]);
});

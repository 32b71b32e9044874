import { expect, test, vi } from 'vitest';
import { enableLanguageServer } from '../../../../extension/commands/enableLanguageServer.ts';
import type { ServerOffer } from '../../../../extension/languageServers/serverOffers.ts';

const editor = vi.hoisted(() => ({
  values: {},
  folders: [] as readonly object[],
  update: vi.fn(),
  warn: vi.fn(),
  run: vi.fn(),
}));

vi.mock('vscode', async () => {
  const fake = await import('../../../support/fakeVSCode.ts');
  const getConfiguration = () => ({ inspect: () => editor.values, update: editor.update });
  return {
    ...fake,
    workspace: {
      ...fake.workspace,
      getConfiguration,
      get workspaceFolders() {
        return editor.folders;
      },
    },
    window: {
      showQuickPick: async ([first]: readonly unknown[]) => first,
      showWarningMessage: editor.warn,
      showInformationMessage: editor.warn,
    },
    commands: { executeCommand: editor.run },
    ConfigurationTarget: { WorkspaceFolder: 3, Workspace: 2 },
  };
});

/** What comes of choosing ruff, which is installed and not on, where the settings have these values. */
async function choose(values: Readonly<Record<string, unknown>>) {
  editor.values = values;
  editor.folders = [{ uri: { scheme: 'file' } }];
  for (const spy of [editor.update, editor.warn, editor.run]) spy.mockClear();
  const found = { launch: {}, directory: '', origin: 'path', version: '1' };
  const offer = { server: { name: 'ruff', title: 'Ruff' }, folder: {}, found, isOn: false };
  await enableLanguageServer(async () => [offer as unknown as ServerOffer])();
  return {
    written: editor.update.mock.calls,
    told: editor.warn.mock.calls.flat(),
    commands: editor.run.mock.calls,
  };
}

test('a server that is chosen keeps what the user has written of it, and is on', async () => {
  const entry = { name: 'ruff', enable: false, args: ['server'] };
  const { written } = await choose({ workspaceValue: [entry, { name: 'pylsp' }], globalValue: [] });
  const entries = [{ name: 'ruff', args: ['server'] }, { name: 'pylsp' }];
  expect(written).toEqual([['languageServers', entries, 2]]);
});

test.each([{ name: 'ruff' }, 'ruff', null])(
  'a setting that is %j is left as it is, said and shown',
  async workspaceValue => {
    const { written, told, commands } = await choose({ workspaceValue, globalValue: [] });
    expect(written).toEqual([]);
    expect(told).toEqual([
      'greenroom.languageServers is no list: make it one, such as [{ "name": "ruff" }].',
    ]);
    expect(commands).toEqual([['workbench.action.openSettings', 'greenroom.languageServers']]);
  },
);

test('without a folder there is nothing to choose from, and it is said what is missing', async () => {
  editor.folders = [];
  editor.warn.mockClear();
  const findOffers = vi.fn(async () => []);
  await enableLanguageServer(findOffers)();
  expect(findOffers).not.toHaveBeenCalled();
  expect(editor.warn.mock.calls.flat()).toEqual([expect.stringContaining('open the folder')]);
});

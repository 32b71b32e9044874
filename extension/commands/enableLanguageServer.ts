import * as vscode from 'vscode';
import { settingKeys, settingsSection } from '../contributions.ts';
import type { ServerOffer } from '../languageServers/serverOffers.ts';
import { withServer } from '../languageServers/withServer.ts';

const key = settingKeys.languageServers;
const setting = `${settingsSection}.${key}`;

/** Shows which language servers there are for the files that are open, and switches one on. */
export const enableLanguageServer =
  (findOffers: () => Promise<readonly ServerOffer[]>) => async (): Promise<void> => {
    const { t } = vscode.l10n;
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showInformationMessage(
        t('Language servers run code of the project: they need a trusted workspace.'),
      );
      return;
    }
    if (!vscode.workspace.workspaceFolders?.some(({ uri }) => uri.scheme === 'file')) {
      void vscode.window.showInformationMessage(
        t('Language servers work for folders: open the folder of your files first.'),
      );
      return;
    }
    const offers = await findOffers();
    if (offers.length === 0) {
      void vscode.window.showInformationMessage(
        t(
          'Greenroom knows no language server for the files that are open. Open a file of the language first.',
        ),
      );
      return;
    }
    const hasFolders = new Set(offers.map(({ folder }) => folder)).size > 1;
    const picked = await vscode.window.showQuickPick(
      offers.map(offer => toItem(offer, hasFolders)),
      { placeHolder: t('Language server to run in a session'), matchOnDescription: true },
    );
    if (picked) await choose(picked.offer);
  };

function toItem(offer: ServerOffer, hasFolders: boolean) {
  const { t } = vscode.l10n;
  const { server, folder, found, isOn } = offer;
  const place = hasFolders ? [folder.name] : [];
  if ('missing' in found) {
    const description = [t('not installed'), ...place].join(' · ');
    return { offer, label: `$(circle-slash) ${server.title}`, description, detail: found.missing };
  }
  const origins = {
    project: t('in the project'),
    environment: t("beside the project's Python"),
    path: t('on the PATH'),
    given: '',
  };
  const words = [found.version ?? '', origins[found.origin], isOn ? t('on already') : '', ...place];
  const description = words.filter(word => word !== '').join(' · ');
  return { offer, label: `$(${isOn ? 'check' : 'server-process'}) ${server.title}`, description };
}

async function choose({ server, folder, found, isOn }: ServerOffer): Promise<void> {
  if (isOn) {
    await openSettings();
  } else if ('missing' in found) {
    void vscode.window.showInformationMessage(found.missing);
  } else {
    const settings = vscode.workspace.getConfiguration(settingsSection, folder.uri);
    const { workspaceFolderValue, workspaceValue, globalValue } =
      settings.inspect<unknown>(key) ?? {};
    const values = [workspaceFolderValue, workspaceValue, globalValue];
    const entries = withServer(
      server.name,
      values.find(value => value !== undefined),
    );
    if (!entries) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          '{0} is no list: make it one, such as [{ "name": "{1}" }].',
          setting,
          server.name,
        ),
      );
      return openSettings();
    }
    const isMultiRoot = (vscode.workspace.workspaceFolders ?? []).length > 1;
    const target = isMultiRoot
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : vscode.ConfigurationTarget.Workspace;
    await settings.update(key, entries, target);
  }
}

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', setting);
}

import * as vscode from 'vscode';
import type { FoundServer, NotFound } from './foundServer.ts';
import { readyMadeServers, type ReadyMadeServer } from './readyMade.ts';
import { parseServerEntries } from './serverEntry.ts';
import { findInFolder, type WantedParts } from './wantedServers.ts';

/** A server that a folder could have, for the documents that are open. */
export interface ServerOffer {
  readonly server: ReadyMadeServer;
  readonly folder: vscode.WorkspaceFolder;
  readonly found: FoundServer | NotFound;
  /** Whether the settings ask for it already. */
  readonly isOn: boolean;
}

/** Those that can be had come first, then those that are on already, then those that are missing. */
export async function findOffers(
  parts: Pick<WantedParts, 'configuration' | 'interpreter'>,
): Promise<readonly ServerOffer[]> {
  const open = vscode.workspace.textDocuments.flatMap(({ uri, languageId }) => {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder?.uri.scheme === 'file' ? [{ folder, languageId }] : [];
  });
  const folders = [...new Set(open.map(({ folder }) => folder))];
  const offers = folders.flatMap(folder => {
    const languages = open.filter(one => one.folder === folder).map(one => one.languageId);
    const isOn = namesIn(folder, parts);
    return readyMadeServers
      .filter(server => server.languages.some(language => languages.includes(language)))
      .map(server => offerOf(server, folder, isOn.has(server.name), parts));
  });
  return (await Promise.all(offers)).sort((one, other) => rank(one) - rank(other));
}

async function offerOf(
  server: ReadyMadeServer,
  folder: vscode.WorkspaceFolder,
  isOn: boolean,
  parts: Pick<WantedParts, 'configuration' | 'interpreter'>,
): Promise<ServerOffer> {
  const { entries } = parseServerEntries([{ name: server.name }], new Set(server.languages));
  return { server, folder, isOn, found: await findInFolder(entries[0]!, folder, parts) };
}

function namesIn(
  { uri }: vscode.WorkspaceFolder,
  { configuration }: Pick<WantedParts, 'configuration'>,
): ReadonlySet<unknown> {
  const { languageServers } = configuration.settingsFor(uri);
  return new Set(
    languageServers
      .map(entry => entry as { readonly name?: unknown; readonly enable?: unknown } | null)
      .filter(entry => entry?.enable !== false)
      .map(entry => entry?.name),
  );
}

function rank({ found, isOn }: ServerOffer): number {
  if (isOn) return 1;
  return 'missing' in found ? 2 : 0;
}

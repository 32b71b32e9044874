import os from 'node:os';
import process from 'node:process';
import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import type { Settings } from '../config/settings.ts';
import { findServer } from './findServer.ts';
import type { FoundServer, NotFound } from './foundServer.ts';
import { toolsAtWork, type FormatterLanguages } from './precedence.ts';
import { parseServerEntries, type ServerEntry } from './serverEntry.ts';
import type { ServerLaunchBase } from './serverRequest.ts';
import { createTarget, type Folders, type ServerTarget } from './serverTarget.ts';

export interface WantedParts {
  readonly configuration: Configuration;
  readonly launchBase: ServerLaunchBase;
  readonly formatters: FormatterLanguages;
  /** The Python of a folder. */
  readonly interpreter: (folder: vscode.Uri, settings: Settings) => Promise<string>;
}

export interface WantedServers {
  /** By what tells them apart: their name, and the folders they work for. */
  readonly targets: ReadonlyMap<string, ServerTarget>;
  /** For people: what cannot be had, why, and what to do. */
  readonly problems: readonly string[];
}

interface Group {
  readonly entry: ServerEntry;
  readonly folders: vscode.WorkspaceFolder[];
}

/** Which servers the settings ask for in the folders that are open. In Restricted Mode there are none. */
export async function findWantedServers(parts: WantedParts): Promise<WantedServers> {
  const problems: string[] = [];
  const groups = await groupEntries(parts.configuration, problems);
  const targets = new Map<string, ServerTarget>();
  for (const [id, { entry, folders }] of groups) {
    const [first, ...others] = folders;
    const target = await locate(entry, [first!, ...others], parts);
    if (typeof target === 'string') problems.push(target);
    else targets.set(id, target);
  }
  return { targets, problems };
}

/** Looks for a server where the folder has it, then on the machine. */
export function findInFolder(
  entry: ServerEntry,
  { uri }: vscode.WorkspaceFolder,
  { configuration, interpreter }: Pick<WantedParts, 'configuration' | 'interpreter'>,
): Promise<FoundServer | NotFound> {
  return findServer(entry, uri.fsPath, {
    searchPath: process.env['PATH'],
    interpreter: () => interpreter(uri, configuration.settingsFor(uri)),
    home: os.homedir(),
  });
}

/** Folders whose entries are to share a server come together, in the order of the workspace. */
async function groupEntries(
  configuration: Configuration,
  problems: string[],
): Promise<ReadonlyMap<string, Group>> {
  const groups = new Map<string, Group>();
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (!vscode.workspace.isTrusted) return groups;
  const wanting = folders.filter(
    ({ uri }) => uri.scheme === 'file' && configuration.settingsFor(uri).languageServers.length > 0,
  );
  if (wanting.length === 0) return groups;
  const languages = new Set(await vscode.languages.getLanguages());
  for (const folder of wanting) {
    const parsed = parseServerEntries(
      configuration.settingsFor(folder.uri).languageServers,
      languages,
    );
    problems.push(...parsed.problems.map(describeProblem));
    for (const entry of parsed.entries.filter(({ enable }) => enable)) {
      const id = JSON.stringify([entry.name, placeOf(entry, folder)]);
      const group = groups.get(id);
      if (group) group.folders.push(folder);
      else groups.set(id, { entry, folders: [folder] });
    }
  }
  return groups;
}

function placeOf({ workspaceScoped, shareKey }: ServerEntry, { uri }: vscode.WorkspaceFolder) {
  return workspaceScoped ? { all: true } : (shareKey ?? { folder: uri.toString() });
}

async function locate(
  entry: ServerEntry,
  folders: Folders,
  parts: WantedParts,
): Promise<ServerTarget | string> {
  const { configuration, launchBase, formatters } = parts;
  const settings = configuration.settingsFor(folders[0].uri);
  const found = await findInFolder(entry, folders[0], parts);
  if ('missing' in found) return found.missing;
  const tools = toolsAtWork(settings, formatters);
  return createTarget(entry, found, folders, settings, launchBase, tools);
}

function describeProblem({
  name,
  index,
  message,
}: {
  name?: string;
  index: number;
  message: string;
}) {
  const which = name === undefined ? vscode.l10n.t('entry {0}', index + 1) : `"${name}"`;
  return `greenroom.languageServers, ${which}: ${message}`;
}

import fs from 'node:fs/promises';
import os from 'node:os';
import process from 'node:process';
import * as vscode from 'vscode';
import { messageOf } from '../../server/shared/toldErrors.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Settings } from '../config/settings.ts';
import { disagreements } from './disagreements.ts';
import { Division } from './division.ts';
import { findServer } from './findServer.ts';
import type { FoundServer, NotFound } from './foundServer.ts';
import { toolsAtWork, type FormatterLanguages } from './precedence.ts';
import { quoted } from './quoted.ts';
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
  readonly folders: [vscode.WorkspaceFolder, ...vscode.WorkspaceFolder[]];
}

/**
 * Which servers the settings ask for in the folders that are open. In Restricted Mode there are none.
 * What cannot be had is a problem, and the others are there.
 */
export async function findWantedServers(parts: WantedParts): Promise<WantedServers> {
  const problems = new Set<string>();
  const groups = await groupEntries(parts.configuration, problems);
  const targets = new Map<string, ServerTarget>();
  const division = new Division();
  for (const [id, { entry, folders }] of groups) {
    const target = await locate(entry, folders, division, parts);
    if (typeof target === 'string') problems.add(target);
    else targets.set(id, target);
  }
  return { targets, problems: [...problems] };
}

/** Looks for a server where the folder has it, then on the machine. */
export async function findInFolder(
  entry: ServerEntry,
  { uri }: vscode.WorkspaceFolder,
  { configuration, interpreter }: Pick<WantedParts, 'configuration' | 'interpreter'>,
): Promise<FoundServer | NotFound> {
  try {
    return await findServer(entry, uri.fsPath, {
      searchPath: process.env['PATH'],
      interpreter: () => interpreter(uri, configuration.settingsFor(uri)),
      home: os.homedir(),
    });
  } catch (error) {
    return { missing: notStarted(entry, uri, error) };
  }
}

/** Folders whose entries are to share a server come together, in the order of the workspace. */
async function groupEntries(
  configuration: Configuration,
  problems: Set<string>,
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
    for (const problem of parsed.problems) problems.add(describeProblem(problem));
    const entries = parsed.entries.filter(({ enable }) => enable);
    // One that is not there keeps no server from those that share it.
    const [absence] = await Promise.allSettled([fs.access(folder.uri.fsPath)]);
    if (absence.status === 'rejected') {
      for (const entry of entries) problems.add(notStarted(entry, folder.uri, absence.reason));
      continue;
    }
    for (const entry of entries) {
      const id = JSON.stringify([entry.name, placeOf(entry, folder)]);
      const group = groups.get(id);
      if (!group) {
        groups.set(id, { entry, folders: [folder] });
        continue;
      }
      const members = disagreements(group.entry, entry);
      if (members.length > 0) problems.add(describeConflict(group, folder, members));
      group.folders.push(folder);
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
  division: Division,
  parts: WantedParts,
): Promise<ServerTarget | string> {
  const { configuration, launchBase, formatters } = parts;
  const settings = configuration.settingsFor(folders[0].uri);
  const found = await findInFolder(entry, folders[0], parts);
  if ('missing' in found) return found.missing;
  const other = division.other(entry, folders[0]);
  if (other !== undefined) return describeTwins(entry, other, folders[0]);
  const tools = toolsAtWork(settings, formatters);
  const taken = division.formattedBefore(entry, folders[0]);
  const work = {
    languages: new Set([...tools.languages, ...taken]),
    rangeLanguages: new Set([...tools.rangeLanguages, ...taken]),
    sources: tools.sources,
  };
  const { uri } = folders[0];
  const python = entry.readyMade?.python
    ? await parts.interpreter(uri, settings).catch(() => undefined) // it may do without
    : undefined;
  return createTarget(entry, found, folders, settings, launchBase, work, python);
}

function notStarted({ name }: ServerEntry, { fsPath }: vscode.Uri, error: unknown): string {
  return vscode.l10n.t('"{0}" is not started for {1}: {2}', name, fsPath, messageOf(error));
}

function describeTwins({ name }: ServerEntry, other: string, { uri }: vscode.WorkspaceFolder) {
  return vscode.l10n.t(
    '"{0}" is not started for {1}: "{2}" comes before it in greenroom.languageServers and does the same. Take one of them out.',
    name,
    uri.fsPath,
    other,
  );
}

function describeConflict(
  { entry, folders }: Group,
  { uri }: vscode.WorkspaceFolder,
  members: readonly string[],
): string {
  return vscode.l10n.t(
    'The folders {0} and {1} share the server "{2}" and disagree about {3}. What the first one says holds: write the same in both, or let them have a server each.',
    folders[0].uri.fsPath,
    uri.fsPath,
    entry.name,
    quoted(members),
  );
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

import * as vscode from 'vscode';
import type { Settings } from '../config/settings.ts';
import type { SessionRequest } from '../sessions/pool/sessionRequest.ts';
import type { FormattingMethod, ProtocolFilter } from './client/registrations.ts';
import type { FoundServer } from './foundServer.ts';
import type { ToolsAtWork } from './precedence.ts';
import type { ServerEntry, ServerSelector } from './serverEntry.ts';
import { serverRequest, type ServerLaunchBase } from './serverRequest.ts';

export type Folders = readonly [vscode.WorkspaceFolder, ...vscode.WorkspaceFolder[]];

/** One server to be kept: what it is, for which folders and documents, and in what session. */
export interface ServerTarget {
  readonly entry: ServerEntry;
  readonly folders: Folders;
  readonly request: SessionRequest;
  /** Its documents, as the editor and as the protocol say it. */
  readonly selector: readonly vscode.DocumentFilter[];
  readonly filters: readonly ProtocolFilter[];
  /** Those of them that it may format, by how: nobody else does. */
  readonly formattable: Readonly<Record<FormattingMethod, readonly ProtocolFilter[]>>;
  /** The Python of the first folder, for a server that is for Python. */
  readonly interpreter: string | undefined;
  /** Problems of these sources are found by a tool too; in lower case. */
  readonly sources: readonly string[];
}

export function createTarget(
  entry: ServerEntry,
  found: FoundServer,
  folders: Folders,
  settings: Settings,
  base: ServerLaunchBase,
  tools: ToolsAtWork,
  interpreter: string | undefined,
): ServerTarget {
  const paths = folders.map(({ uri }) => uri.fsPath) as [string, ...string[]];
  const { selectors } = entry;
  const without = (languages: ReadonlySet<string>) =>
    folders.flatMap(folder =>
      selectors
        .filter(({ language }) => language === undefined || !languages.has(language))
        .map(one => inProtocol(one, folder)),
    );
  return {
    entry,
    folders,
    request: serverRequest(entry, found, paths, settings, base),
    selector: folders.flatMap(folder => selectors.map(one => inEditor(one, folder))),
    filters: folders.flatMap(folder => selectors.map(one => inProtocol(one, folder))),
    formattable: {
      'textDocument/formatting': without(tools.languages),
      'textDocument/rangeFormatting': without(tools.rangeLanguages),
      'textDocument/onTypeFormatting': without(new Set()), // no tool does that
    },
    interpreter,
    sources: [...tools.sources],
  };
}

function inEditor(
  { language, scheme = 'file', pattern = '**' }: ServerSelector,
  folder: vscode.WorkspaceFolder,
): vscode.DocumentFilter {
  const place = new vscode.RelativePattern(folder, pattern);
  return { ...(language !== undefined && { language }), scheme, pattern: place };
}

function inProtocol(
  { language, scheme = 'file', pattern = '**' }: ServerSelector,
  { uri }: vscode.WorkspaceFolder,
): ProtocolFilter {
  const place = { baseUri: uri.toString(), pattern };
  return { ...(language !== undefined && { language }), scheme, pattern: place };
}

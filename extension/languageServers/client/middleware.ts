import * as vscode from 'vscode';
import {
  CancellationToken,
  type LanguageClient,
  type Middleware,
} from 'vscode-languageclient/node';
import type { Folders } from '../serverTarget.ts';
import { foreignDocument, refusal } from './editGuard.ts';
import { toProtocolFolder } from './languageClient.ts';
import type { ServerEntry } from '../serverEntry.ts';
import { answersFor } from './answers.ts';
import { createContents } from './contents.ts';
import { createOffers } from './offers.ts';
import { openDocument } from './openDocument.ts';
import { createProblems } from './problems.ts';
import { isRepeatable } from './repeatable.ts';
import type { ServerCommands } from './serverCommands.ts';
import type { WarmUp } from './warmUp.ts';

export interface MiddlewareParts {
  readonly folders: Folders;
  readonly entry: ServerEntry;
  /** The Python of the first folder. */
  readonly interpreter: string | undefined;
  /** Problems of these sources are told by somebody else, as it is now; in lower case. */
  readonly sources: () => readonly string[];
  /** The server has told what it knows of a document. */
  readonly onTold: (uri: vscode.Uri) => void;
  readonly commands: ServerCommands;
  readonly succession: RequestSuccession;
  readonly warmUp: WarmUp;
  /** Notes what a server was not allowed to do. */
  readonly refuse: (what: string) => void;
}

/** What becomes of a request whose server is lost. */
export interface RequestSuccession {
  readonly isLost: () => boolean;
  /** The client of the next server; undefined when there is none. */
  readonly next: (token: CancellationToken | undefined) => Promise<LanguageClient | undefined>;
  /** Parameters of requests that were asked twice: they may be what no server survives. */
  readonly repeated: WeakSet<object>;
}

/** What the editor and a server may do to each other, beyond what the protocol says. */
export function createMiddleware(parts: MiddlewareParts): Middleware {
  const { folders, entry, interpreter, sources, commands, warmUp, refuse } = parts;
  const answers =
    entry.readyMade?.answers?.({ ...toProtocolFolder(folders[0]), interpreter }) ?? {};
  const paths = folders.map(({ uri }) => uri.fsPath);
  const isForeign = ({ source = '' }: vscode.Diagnostic) =>
    sources().includes(source.toLowerCase());
  return {
    ...createProblems({ isForeign, isHidden: uri => warmUp.isOf(uri), onTold: parts.onTold }),
    ...createContents(),
    ...warmUp.middleware,
    ...createOffers(commands, isForeign),
    sendRequest: repeatOnce(parts.succession),
    workspace: {
      workspaceFolders: () => folders.map(toProtocolFolder),
      // A server with other folders is another server.
      didChangeWorkspaceFolders: () => Promise.resolve(),
      configuration: async (params, token, next) =>
        answersFor(params, await next(params, token), entry, answers) as never,
      handleApplyEdit: (params, next) => {
        const foreign = foreignDocument(params.edit, paths, 'server');
        if (foreign === undefined) return next(params, CancellationToken.None);
        refuse(`an edit of ${foreign}`);
        return Promise.resolve({ applied: false, failureReason: refusal(foreign) });
      },
    },
    window: {
      showDocument: (params, token, next) => {
        const isOwn =
          foreignDocument({ changes: { [params.uri]: [] } }, paths, 'person') === undefined;
        if (params.external !== true && isOwn) return Promise.resolve(next(params, token));
        // An address can carry out what the network is denied for; what is open, other servers are told.
        refuse(`to open ${params.uri}`);
        return Promise.resolve({ success: false });
      },
    },
  };
}

function repeatOnce({
  isLost,
  next: successor,
  repeated,
}: RequestSuccession): NonNullable<Middleware['sendRequest']> {
  return async (type, param, token, next) => {
    const version = versionOf(param);
    try {
      return await next(type, param, token);
    } catch (error) {
      const method = typeof type === 'string' ? type : type.method;
      const isObject = typeof param === 'object' && param !== null;
      if (!isLost() || !isRepeatable(method) || !isObject || repeated.has(param)) throw error;
      repeated.add(param);
      const client = await successor(token);
      // What somebody has typed since was not asked about: the answer would be applied where it does not fit.
      if (!client || versionOf(param) !== version) throw error;
      return client.sendRequest(method, param, token);
    }
  };
}

/** Of the open document that a request is about. */
function versionOf(param: unknown): number | undefined {
  const { textDocument } = (param ?? {}) as { textDocument?: { readonly uri?: unknown } };
  const { uri } = textDocument ?? {};
  return typeof uri === 'string' ? openDocument(vscode.Uri.parse(uri))?.version : undefined;
}

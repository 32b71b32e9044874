import type * as vscode from 'vscode';
import {
  CancellationToken,
  type ConfigurationParams,
  type LanguageClient,
  type Middleware,
} from 'vscode-languageclient/node';
import type { Folders } from '../serverTarget.ts';
import { foreignDocument, refusal } from './editGuard.ts';
import { toProtocolFolder } from './languageClient.ts';
import { createOffers } from './offers.ts';
import { createProblems } from './problems.ts';
import { isRepeatable } from './repeatable.ts';
import type { ServerCommands } from './serverCommands.ts';
import type { WarmUp } from './warmUp.ts';

export interface MiddlewareParts {
  readonly folders: Folders;
  /** By section: what is answered where the user has set nothing. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Problems of these sources are told by somebody else; in lower case. */
  readonly sources: readonly string[];
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
  const { folders, answers, sources, commands, warmUp, refuse } = parts;
  const paths = folders.map(({ uri }) => uri.fsPath);
  const isForeign = ({ source = '' }: vscode.Diagnostic) => sources.includes(source.toLowerCase());
  return {
    ...createProblems(isForeign, uri => warmUp.isOf(uri)),
    ...warmUp.middleware,
    ...createOffers(commands, isForeign),
    sendRequest: repeatOnce(parts.succession),
    workspace: {
      workspaceFolders: () => folders.map(toProtocolFolder),
      // A server with other folders is another server.
      didChangeWorkspaceFolders: () => Promise.resolve(),
      configuration: async (params, token, next) =>
        withAnswers(params, await next(params, token), answers),
      handleApplyEdit: (params, next) => {
        const foreign = foreignDocument(params.edit, paths);
        if (foreign === undefined) return next(params, CancellationToken.None);
        refuse(`an edit of ${foreign}, which lies outside of the workspace`);
        return Promise.resolve({ applied: false, failureReason: refusal(foreign) });
      },
    },
    window: {
      showDocument: (params, token, next) => {
        if (params.external !== true) return Promise.resolve(next(params, token));
        // An address can carry out what the network is denied for.
        refuse('to open an address outside of the editor');
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
    try {
      return await next(type, param, token);
    } catch (error) {
      const method = typeof type === 'string' ? type : type.method;
      const isObject = typeof param === 'object' && param !== null;
      if (!isLost() || !isRepeatable(method) || !isObject || repeated.has(param)) throw error;
      repeated.add(param);
      const client = await successor(token);
      if (!client) throw error;
      return client.sendRequest(method, param, token);
    }
  };
}

/** What the user has set comes first, member by member. */
function withAnswers(
  { items }: ConfigurationParams,
  settings: unknown,
  answers: Readonly<Record<string, unknown>>,
) {
  if (!Array.isArray(settings)) return settings as never;
  return settings.map((set: unknown, index) => {
    const answer = answers[items[index]?.section ?? ''];
    if (answer === undefined) return set;
    return isObject(answer) && isObject(set) ? { ...answer, ...set } : (set ?? answer);
  }) as never;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

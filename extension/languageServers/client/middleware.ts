import type * as vscode from 'vscode';
import {
  CancellationToken,
  type ApplyWorkspaceEditParams,
  type ConfigurationParams,
  type LanguageClient,
  type Middleware,
} from 'vscode-languageclient/node';
import { foreignDocument } from './editGuard.ts';
import { isRepeatable } from './repeatable.ts';
import type { ServerCommands } from './serverCommands.ts';

export interface MiddlewareParts {
  /** Paths of the folders that the server works for. */
  readonly folders: readonly string[];
  /** By section: what is answered where the user has set nothing. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Problems of these sources are told by somebody else; in lower case. */
  readonly sources: readonly string[];
  readonly commands: ServerCommands;
  /** The client of the next server, when the one that was asked is lost; undefined when there is none. */
  readonly successor: (token: CancellationToken | undefined) => Promise<LanguageClient | undefined>;
  readonly isLost: () => boolean;
  readonly refuse: (what: string) => void;
}

/** What the editor and a server may do to each other, beyond what the protocol says. */
export function createMiddleware(parts: MiddlewareParts): Middleware {
  const { folders, answers, sources, commands, refuse } = parts;
  const claim = <T>(item: T) => commands.claim(item);
  const isForeign = ({ source = '' }: vscode.Diagnostic) => sources.includes(source.toLowerCase());
  const own = (all: vscode.Diagnostic[]) => all.filter(one => !isForeign(one));
  return {
    sendRequest: async (type, param, token, next) => {
      try {
        return await next(type, param, token);
      } catch (error) {
        const method = typeof type === 'string' ? type : type.method;
        if (!parts.isLost() || !isRepeatable(method)) throw error;
        const client = await parts.successor(token);
        if (!client) throw error;
        return client.sendRequest(method, param, token);
      }
    },
    handleDiagnostics: (uri, diagnostics, next) => next(uri, own(diagnostics)),
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const report = await next(document, previousResultId, token);
      return report && 'items' in report ? { ...report, items: own(report.items) } : report;
    },
    provideCodeActions: async (document, range, context, token, next) => {
      const actions = await next(document, range, context, token);
      return actions
        ?.filter(action => !('diagnostics' in action) || !action.diagnostics?.some(isForeign))
        .map(claim);
    },
    resolveCodeAction: async (action, token, next) =>
      claim((await next(commands.restore(action), token)) ?? action),
    provideCodeLenses: async (document, token, next) => (await next(document, token))?.map(claim),
    resolveCodeLens: async (lens, token, next) =>
      claim((await next(commands.restore(lens), token)) ?? lens),
    provideCompletionItem: async (document, position, context, token, next) => {
      const found = await next(document, position, context, token);
      for (const item of Array.isArray(found) ? found : (found?.items ?? [])) claim(item);
      return found;
    },
    resolveCompletionItem: async (item, token, next) =>
      claim((await next(commands.restore(item), token)) ?? item),
    workspace: {
      configuration: async (params, token, next) =>
        withAnswers(params, await next(params, token), answers),
      handleApplyEdit: (params, next) => {
        const foreign = foreignDocument((params).edit, folders);
        if (foreign === undefined) return next(params, CancellationToken.None);
        refuse(`an edit of ${foreign}, which lies outside of the workspace`);
        const failureReason = `Greenroom refused the edit: ${foreign} lies outside of the workspace`;
        return Promise.resolve({ applied: false, failureReason });
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

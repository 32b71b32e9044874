import type * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { guardMarkdown } from './markdown.ts';
import type { ServerCommands } from './serverCommands.ts';

/** What servers offer to do when the user wants it: each by the server's own commands. */
export function createOffers(
  commands: ServerCommands,
  isForeign: (problem: vscode.Diagnostic) => boolean,
): Middleware {
  const claim = <T>(item: T) => commands.claim(item) ?? item;
  const describe = (item: vscode.CompletionItem) => {
    guardMarkdown(item.documentation);
    return claim(item);
  };
  return {
    provideCodeActions: async (document, range, context, token, next) => {
      const actions = (await next(document, range, context, token)) ?? [];
      return commands.claimAll(
        actions.filter(one => !('diagnostics' in one) || !one.diagnostics?.some(isForeign)),
      );
    },
    resolveCodeAction: async (action, token, next) =>
      claim((await next(commands.restore(action), token)) ?? action),
    provideCodeLenses: async (document, token, next) =>
      commands.claimAll((await next(document, token)) ?? []),
    resolveCodeLens: async (lens, token, next) =>
      claim((await next(commands.restore(lens), token)) ?? lens),
    provideCompletionItem: async (document, position, context, token, next) => {
      const found = await next(document, position, context, token);
      for (const item of Array.isArray(found) ? found : (found?.items ?? [])) describe(item);
      return found;
    },
    resolveCompletionItem: async (item, token, next) =>
      describe((await next(commands.restore(item), token)) ?? item),
    provideInlayHints: async (document, range, token, next) => {
      const hints = (await next(document, range, token)) ?? [];
      for (const hint of hints) claimLabel(hint, commands);
      return hints;
    },
    resolveInlayHint: async (hint, token, next) => {
      for (const part of partsOf(hint)) commands.restore(part);
      return claimLabel((await next(hint, token)) ?? hint, commands);
    },
    provideDocumentLinks: async (document, token, next) =>
      (await next(document, token))?.filter(({ target }) => !isCommand(target)),
    resolveDocumentLink: async (link, token, next) => {
      const resolved = (await next(link, token)) ?? link;
      if (isCommand(resolved.target)) delete resolved.target;
      return resolved;
    },
  };
}

function claimLabel(hint: vscode.InlayHint, commands: ServerCommands): vscode.InlayHint {
  guardMarkdown(hint.tooltip);
  for (const part of partsOf(hint)) {
    guardMarkdown(part.tooltip);
    commands.claim(part);
  }
  return hint;
}

function partsOf({ label }: vscode.InlayHint): readonly vscode.InlayHintLabelPart[] {
  return typeof label === 'string' ? [] : label;
}

/** A link that would run a command of the editor. */
export function isCommand(target: vscode.Uri | undefined): boolean {
  return target?.scheme === 'command';
}

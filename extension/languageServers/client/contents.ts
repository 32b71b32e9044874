import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { guardMarkdown, withoutPictures } from './markdown.ts';

/** What servers have the editor show, with nothing in it that the editor would fetch. */
export function createContents(): Middleware {
  return {
    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      if (!hover) return hover;
      const contents = hover.contents.map(one =>
        typeof one === 'string'
          ? withoutPictures(one)
          : 'language' in one
            ? one
            : guardMarkdown(one),
      );
      return new vscode.Hover(contents, hover.range);
    },
    provideSignatureHelp: async (document, position, context, token, next) => {
      const help = await next(document, position, context, token);
      for (const { documentation, parameters } of help?.signatures ?? []) {
        guardMarkdown(documentation);
        for (const parameter of parameters) guardMarkdown(parameter.documentation);
      }
      return help;
    },
  };
}

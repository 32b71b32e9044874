import type * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { isCommand } from './offers.ts';

export interface ProblemRules {
  /** Somebody else tells it too. */
  readonly isForeign: (problem: vscode.Diagnostic) => boolean;
  /** Nobody has opened the file. */
  readonly isHidden: (uri: vscode.Uri) => boolean;
  /** The server has told what it knows of a document. */
  readonly onTold: (uri: vscode.Uri) => void;
}

/** Problems that a server tells, of documents and of whole folders, as far as they are its to tell. */
export function createProblems({ isForeign, isHidden, onTold }: ProblemRules): Middleware {
  const own = (all: vscode.Diagnostic[]) => all.filter(one => !isForeign(one)).map(withoutCommand);
  return {
    handleDiagnostics: (uri, diagnostics, next) => {
      if (isHidden(uri)) return;
      onTold(uri);
      next(uri, own(diagnostics));
    },
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const report = await next(document, previousResultId, token);
      onTold('uri' in document ? document.uri : document);
      return report && 'items' in report ? { ...report, items: own(report.items) } : report;
    },
    provideWorkspaceDiagnostics: (resultIds, token, tell, next) =>
      next(resultIds, token, chunk => {
        const items = chunk?.items.map(report =>
          'items' in report ? { ...report, items: own(report.items) } : report,
        );
        for (const { uri } of items ?? []) onTold(uri);
        tell(items ? { items } : null);
      }),
  };
}

/** The link behind a problem's code may lead to a page, and run nothing. */
function withoutCommand(problem: vscode.Diagnostic): vscode.Diagnostic {
  const { code } = problem;
  if (typeof code === 'object' && isCommand(code.target)) problem.code = code.value;
  return problem;
}

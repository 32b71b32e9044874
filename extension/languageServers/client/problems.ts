import type * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { isCommand } from './offers.ts';

/**
 * Problems that a server tells, without those that `isForeign` finds to be told by somebody else, and
 * without those of files that are `isHidden`.
 */
export function createProblems(
  isForeign: (problem: vscode.Diagnostic) => boolean,
  isHidden: (uri: vscode.Uri) => boolean,
): Middleware {
  const own = (all: vscode.Diagnostic[]) => all.filter(one => !isForeign(one)).map(withoutCommand);
  return {
    handleDiagnostics: (uri, diagnostics, next) => {
      if (!isHidden(uri)) next(uri, own(diagnostics));
    },
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const report = await next(document, previousResultId, token);
      return report && 'items' in report ? { ...report, items: own(report.items) } : report;
    },
  };
}

/** The link behind a problem's code may lead to a page, and run nothing. */
function withoutCommand(problem: vscode.Diagnostic): vscode.Diagnostic {
  const { code } = problem;
  if (typeof code === 'object' && isCommand(code.target)) problem.code = code.value;
  return problem;
}

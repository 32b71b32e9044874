import * as vscode from 'vscode';
import { unreachable } from '../../../server/shared/base/unreachable.ts';
import type { Problem } from '../../../server/shared/protocol/linting.ts';

/** A problem on screen, and what the editor shows of it. */
export interface ShownProblem {
  readonly problem: Problem;
  readonly diagnostic: vscode.Diagnostic;
}

interface Shown {
  readonly version: number;
  readonly problems: readonly ShownProblem[];
}

/** The problems that the editor shows, and of which version of their document they are. */
export class ShownProblems implements vscode.Disposable {
  private readonly collection: vscode.DiagnosticCollection;
  private readonly byDocument = new Map<string, Shown>();

  /** `source` names the tool behind every problem. */
  constructor(private readonly source: string) {
    this.collection = vscode.languages.createDiagnosticCollection(`greenroom.${source}`);
  }

  show({ uri, version }: vscode.TextDocument, problems: readonly Problem[]): void {
    const shown = problems.map(problem => ({
      problem,
      diagnostic: toDiagnostic(problem, this.source),
    }));
    this.byDocument.set(uri.toString(), { version, problems: shown });
    this.collection.set(
      uri,
      shown.map(({ diagnostic }) => diagnostic),
    );
  }

  /** Those of the document as it is now; none when it has changed since. */
  of({ uri, version }: vscode.TextDocument): readonly ShownProblem[] {
    const shown = this.byDocument.get(uri.toString());
    return shown?.version === version ? shown.problems : [];
  }

  clear(uri: vscode.Uri): void {
    this.byDocument.delete(uri.toString());
    this.collection.delete(uri);
  }

  dispose(): void {
    this.byDocument.clear();
    this.collection.dispose();
  }
}

function toDiagnostic(problem: Problem, source: string): vscode.Diagnostic {
  const { range, message, severity, rule, ruleUrl, tags = [] } = problem;
  const { start, end } = range;
  const place = new vscode.Range(start.line, start.column, end.line, end.column);
  const diagnostic = new vscode.Diagnostic(place, message, toSeverity(severity));
  diagnostic.source = source;
  if (rule !== undefined) {
    diagnostic.code =
      ruleUrl === undefined ? rule : { value: rule, target: vscode.Uri.parse(ruleUrl) };
  }
  diagnostic.tags = tags.map(tag =>
    tag === 'deprecated' ? vscode.DiagnosticTag.Deprecated : vscode.DiagnosticTag.Unnecessary,
  );
  return diagnostic;
}

function toSeverity(severity: Problem['severity']): vscode.DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return vscode.DiagnosticSeverity.Error;
    case 'warning':
      return vscode.DiagnosticSeverity.Warning;
    case 'information':
      return vscode.DiagnosticSeverity.Information;
    case 'hint':
      return vscode.DiagnosticSeverity.Hint;
    default:
      return unreachable(severity);
  }
}

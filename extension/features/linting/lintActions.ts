import * as vscode from 'vscode';
import type { Problem } from '../../../server/shared/protocol/linting.ts';
import { commandIds } from '../../contributions.ts';
import { disableForFile, disableForLine, type Insertion } from './disableComments.ts';
import type { FixAll } from './fixAll.ts';
import type { ShownProblem, ShownProblems } from './shownProblems.ts';

const { QuickFix, SourceFixAll, Source } = vscode.CodeActionKind;

/** `source.fixAll.greenroom-eslint`. */
const fixAllKind = SourceFixAll.append('greenroom-eslint');

type Edits = NonNullable<Problem['fix']>;

/** What can be done about problems: mend them, one or all; switch their rule off; read about it. */
export class LintActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [QuickFix, fixAllKind],
  };

  constructor(
    private readonly problems: ShownProblems,
    private readonly fixAll: FixAll,
  ) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { only }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    if (only && SourceFixAll.contains(only)) return this.fixAllAction(document, only, token);
    if (only && only.value === Source.value) return [offerFixAll(fixAllKind)];
    if (only && !only.intersects(QuickFix)) return [];
    const all = this.problems.of(document);
    const here = all.filter(({ diagnostic }) => diagnostic.range.intersection(range));
    return here.length === 0 ? [] : quickFixes(document, here, all);
  }

  /** As it happens on save: only when this kind, or all fixes, were asked for. */
  private async fixAllAction(
    document: vscode.TextDocument,
    only: vscode.CodeActionKind,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    if (!only.contains(fixAllKind)) return [];
    const edits = await this.fixAll.edits(document, token);
    if (edits.length === 0) return [];
    const action = new vscode.CodeAction(fixAllTitle(), fixAllKind);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, edits);
    return [action];
  }
}

function fixAllTitle(): string {
  return vscode.l10n.t('Fix all problems that ESLint can fix');
}

function offerFixAll(kind: vscode.CodeActionKind): vscode.CodeAction {
  const action = new vscode.CodeAction(fixAllTitle(), kind);
  action.command = { title: fixAllTitle(), command: commandIds.fixAllProblems };
  return action;
}

function quickFixes(
  document: vscode.TextDocument,
  here: readonly ShownProblem[],
  all: readonly ShownProblem[],
): vscode.CodeAction[] {
  const ofRules = onePerRule(here);
  return [
    ...here.flatMap(shown => mending(document, shown)),
    ...ofRules.flatMap(shown => mendingAlike(document, shown, all)),
    ...(all.some(({ problem }) => problem.fix) ? [offerFixAll(QuickFix)] : []),
    ...ofRules.flatMap(shown => silencing(document, shown)),
    ...ofRules.flatMap(reading),
  ];
}

function onePerRule(shown: readonly ShownProblem[]): ShownProblem[] {
  const first = new Map<string, ShownProblem>();
  for (const one of shown) {
    const { rule } = one.problem;
    if (rule !== undefined && !first.has(rule)) first.set(rule, one);
  }
  return [...first.values()];
}

function mending(document: vscode.TextDocument, shown: ShownProblem): vscode.CodeAction[] {
  const { fix, suggestions = [], rule, message } = shown.problem;
  const actions = suggestions.map(suggestion =>
    editing(document, suggestion.message, suggestion.edits, [shown]),
  );
  if (!fix) return actions;
  const title = vscode.l10n.t('Fix this problem of {0}', rule ?? message);
  const action = editing(document, title, fix, [shown]);
  action.isPreferred = true;
  return [action, ...actions];
}

function mendingAlike(
  document: vscode.TextDocument,
  { problem: { rule } }: ShownProblem,
  all: readonly ShownProblem[],
): vscode.CodeAction[] {
  const alike = all.filter(({ problem }) => problem.rule === rule && problem.fix);
  if (alike.length < 2) return [];
  const edits = withoutOverlaps(alike.flatMap(({ problem }) => problem.fix ?? []));
  return [editing(document, vscode.l10n.t('Fix all problems of {0}', rule ?? ''), edits, alike)];
}

/** The first of those that meet; the others are found again when it is applied. */
function withoutOverlaps(edits: Edits): Edits {
  const kept: Edits = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start > (kept.at(-1)?.end ?? -1)) kept.push(edit);
  }
  return kept;
}

function silencing(document: vscode.TextDocument, shown: ShownProblem): vscode.CodeAction[] {
  const { rule = '', range } = shown.problem;
  const line = document.validatePosition(new vscode.Position(range.start.line, 0)).line;
  const lineEnd = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const { t } = vscode.l10n;
  const choices: [string, Insertion | undefined][] = [
    [t('Disable {0} for this line', rule), disableForLine(document, line, rule, lineEnd)],
    [t('Disable {0} for the entire file', rule), disableForFile(document, line, rule, lineEnd)],
  ];
  return choices.flatMap(([title, insertion]) => {
    if (!insertion) return [];
    const action = quickFix(title, [shown]);
    const place = new vscode.Position(insertion.line, insertion.column);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.insert(document.uri, place, insertion.text);
    return [action];
  });
}

function reading(shown: ShownProblem): vscode.CodeAction[] {
  const { rule = '', ruleUrl } = shown.problem;
  if (ruleUrl === undefined) return [];
  const title = vscode.l10n.t('Show documentation for {0}', rule);
  const action = quickFix(title, [shown]);
  action.command = { title, command: 'vscode.open', arguments: [vscode.Uri.parse(ruleUrl)] };
  return [action];
}

function editing(
  document: vscode.TextDocument,
  title: string,
  edits: Edits,
  mended: readonly ShownProblem[],
): vscode.CodeAction {
  const action = quickFix(title, mended);
  action.edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of edits) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    action.edit.replace(document.uri, range, text);
  }
  return action;
}

function quickFix(title: string, mended: readonly ShownProblem[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, QuickFix);
  action.diagnostics = mended.map(({ diagnostic }) => diagnostic);
  return action;
}

import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import { isWithin } from '../../../server/node/isWithin.ts';
import type { DocumentLinter } from './documentLinter.ts';
import type { LintTargets } from './lintTarget.ts';
import type { LintingOutcome } from './lintingOutcome.ts';
import { LintSchedule } from './lintSchedule.ts';
import type { ShownProblems } from './shownProblems.ts';
import type { Withdrawal } from './withdrawal.ts';

/** How long nobody must have typed before a document is linted. */
const typingPauseMs = 300;

/** For which state of a document, and of all that its problems depend on, it was last asked. */
interface Asked {
  readonly version: number;
  readonly round: number;
}

/** Keeps the problems of the documents on screen up to date: as they open, change and are saved. */
export class LiveLinting implements vscode.Disposable {
  private readonly asked = new Map<string, Asked>();
  /** Documents that a person wants to be looked at now. */
  private readonly insisted = new Set<string>();
  private readonly linted = new vscode.EventEmitter<{
    readonly document: vscode.TextDocument;
    readonly outcome: LintingOutcome;
  }>();
  private readonly schedule: LintSchedule;
  private readonly subscriptions: vscode.Disposable[];
  /** Counts what may change the problems of any document: another one saved, other configuration. */
  private round = 0;

  /** Fires for every request, however it ended. */
  readonly onDidLint = this.linted.event;

  constructor(
    private readonly linter: DocumentLinter,
    private readonly targets: LintTargets,
    private readonly problems: ShownProblems,
    clock: Clock,
  ) {
    this.schedule = new LintSchedule(
      (document, withdrawal) => this.lint(document, withdrawal),
      clock,
    );
    const { workspace, window } = vscode;
    this.subscriptions = [
      this.linted,
      window.onDidChangeVisibleTextEditors(() => this.lintVisible()),
      // A document whose language was changed is closed and opened again, in the same editor.
      workspace.onDidOpenTextDocument(() => this.lintVisible()),
      workspace.onDidChangeTextDocument(event => this.handleChange(event)),
      workspace.onDidSaveTextDocument(document => this.handleSave(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      workspace.onDidDeleteFiles(({ files }) => files.forEach(uri => this.forgetBelow(uri))),
      workspace.onDidRenameFiles(({ files }) =>
        files.forEach(({ oldUri }) => this.forgetBelow(oldUri)),
      ),
    ];
  }

  /** Lints what is on screen and was not linted as it is now; awaits nothing. */
  lintVisible(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (this.targets.isMeant(document) && !this.isCurrent(document)) this.request(document, 0);
    }
  }

  /**
   * Lints every document anew that has been linted, whatever was found; awaits nothing. When a person
   * insists, also while sessions only crash.
   */
  lintAgain(isInsisted = false): void {
    this.round++;
    for (const document of vscode.workspace.textDocuments) {
      const key = document.uri.toString();
      if (!this.asked.has(key)) continue;
      if (this.targets.isMeant(document)) {
        if (isInsisted) this.insisted.add(key);
        this.request(document, 0);
      } else this.forget(document.uri);
    }
    this.lintVisible();
  }

  dispose(): void {
    this.schedule.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private handleChange({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || !this.asked.has(document.uri.toString())) return;
    if (!this.targets.runsOnType(document)) return;
    this.request(document, typingPauseMs);
  }

  /**
   * What is found in others may depend on it: on the types it exports, for example. A linter learns of
   * its text by linting it, so it comes first, and also when it is not on screen.
   */
  private handleSave(document: vscode.TextDocument): void {
    if (!this.targets.isMeant(document)) return;
    this.round++;
    this.request(document, 0);
    this.lintVisible();
  }

  private isCurrent({ uri, version }: vscode.TextDocument): boolean {
    const asked = this.asked.get(uri.toString());
    return asked?.version === version && asked.round === this.round;
  }

  private request(document: vscode.TextDocument, delayMs: number): void {
    const { uri, version } = document;
    this.asked.set(uri.toString(), { version, round: this.round });
    this.schedule.request(document, delayMs);
  }

  private async lint(document: vscode.TextDocument, withdrawal: Withdrawal): Promise<void> {
    const isInsisted = this.insisted.delete(document.uri.toString());
    const outcome = await this.linter.lint(document, withdrawal, isInsisted);
    const told: LintingOutcome = withdrawal.isWithdrawn ? { kind: 'stale' } : outcome;
    this.show(document, told);
    this.linted.fire({ document, outcome: told });
  }

  private show(document: vscode.TextDocument, outcome: LintingOutcome): void {
    if (outcome.kind === 'stale' || outcome.kind === 'cancelled') return; // another one is to come
    if (outcome.kind === 'reported' && outcome.report.kind === 'linted') {
      this.problems.show(document, outcome.report.problems);
    } else {
      this.problems.clear(document.uri); // what was found before need not be true any more
    }
  }

  private forget(uri: vscode.Uri): void {
    this.schedule.drop({ uri });
    this.asked.delete(uri.toString());
    this.insisted.delete(uri.toString());
    this.problems.clear(uri);
  }

  private forgetBelow(place: vscode.Uri): void {
    const uris = [...this.asked.keys()].map(key => vscode.Uri.parse(key));
    for (const uri of uris) if (isWithin(uri.fsPath, place.fsPath)) this.forget(uri);
  }
}

import * as vscode from 'vscode';
import type { DocumentFormatter } from './documentFormatter.ts';
import type { OfferedLanguages } from './languages.ts';

const schemes = ['file', 'untitled'];

/** Offers formatting to the editor; for more languages as soon as a project's plugins bring them. */
export class FormattingProviders implements vscode.Disposable {
  /** Documents that are formatted whatever the project has installed. */
  readonly selector: readonly vscode.DocumentFilter[];
  private readonly registrations: vscode.Disposable[];
  private readonly added = new Set<string>();

  constructor(
    private readonly formatter: DocumentFormatter,
    private readonly languages: OfferedLanguages,
  ) {
    this.selector = selectorOf(languages.documents);
    this.registrations = [this.registerDocuments(this.selector)];
    if (languages.ranges.length === 0) return;
    const ranges = selectorOf(languages.ranges);
    this.registrations.push(
      vscode.languages.registerDocumentRangeFormattingEditProvider(ranges, {
        provideDocumentRangeFormattingEdits: (document, range, _options, token) =>
          formatter.edits(document, range, token),
      }),
    );
  }

  /** Languages that the tool of this folder handles beyond those that are always offered. */
  addLanguages(root: string, languageIds: readonly string[]): void {
    const more = languageIds.filter(
      id => !this.languages.documents.includes(id) && !this.added.has(`${root}|${id}`),
    );
    if (more.length === 0) return;
    for (const id of more) this.added.add(`${root}|${id}`);
    const pattern = new vscode.RelativePattern(vscode.Uri.file(root), '**');
    this.registrations.push(
      this.registerDocuments(more.map(language => ({ language, scheme: 'file', pattern }))),
    );
  }

  dispose(): void {
    for (const registration of this.registrations) registration.dispose();
  }

  private registerDocuments(selector: readonly vscode.DocumentFilter[]): vscode.Disposable {
    return vscode.languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document, _options, token) =>
        this.formatter.edits(document, undefined, token),
    });
  }
}

function selectorOf(languageIds: readonly string[]): vscode.DocumentFilter[] {
  return schemes.flatMap(scheme => languageIds.map(language => ({ language, scheme })));
}

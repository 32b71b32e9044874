import * as vscode from 'vscode';
import type { DocumentFormatter } from './documentFormatter.ts';
import { bundledLanguageIds, rangeLanguageIds } from './languages.ts';

const schemes = ['file', 'untitled'];

/** Documents that Greenroom formats whatever the project has installed. */
export const bundledSelector: vscode.DocumentFilter[] = selectorOf(bundledLanguageIds);

/** Offers formatting to the editor; for more languages as soon as a project's plugins bring them. */
export class FormattingProviders implements vscode.Disposable {
  private readonly registrations: vscode.Disposable[];
  private readonly added = new Set<string>();

  constructor(private readonly formatter: DocumentFormatter) {
    this.registrations = [
      this.registerDocuments(bundledSelector),
      vscode.languages.registerDocumentRangeFormattingEditProvider(selectorOf(rangeLanguageIds), {
        provideDocumentRangeFormattingEdits: (document, range, _options, token) =>
          formatter.edits(document, range, token),
      }),
    ];
  }

  /** Languages that the Prettier of this folder handles beyond those that are always offered. */
  addLanguages(root: string, languageIds: readonly string[]): void {
    const more = languageIds.filter(
      id => !bundledLanguageIds.includes(id) && !this.added.has(`${root}|${id}`),
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

  private registerDocuments(selector: vscode.DocumentFilter[]): vscode.Disposable {
    return vscode.languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document, _options, token) =>
        this.formatter.edits(document, undefined, token),
    });
  }
}

function selectorOf(languageIds: readonly string[]): vscode.DocumentFilter[] {
  return schemes.flatMap(scheme => languageIds.map(language => ({ language, scheme })));
}

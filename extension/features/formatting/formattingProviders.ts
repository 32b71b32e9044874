import * as vscode from 'vscode';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { ServersAtWork } from '../serversAtWork.ts';
import type { DocumentFormatter } from './documentFormatter.ts';
import type { OfferedLanguages } from './languages.ts';

/** Where the user wants the tool, which its settings say of folders, not of languages. */
interface Places {
  readonly wanting: readonly vscode.WorkspaceFolder[];
  readonly isEverywhere: boolean;
}

/**
 * Offers formatting to the editor: for more languages as soon as a project's plugins bring them, and not
 * where a language server does it.
 */
export class FormattingProviders implements vscode.Disposable {
  /** Documents that are formatted whatever the project has installed. */
  readonly selector: readonly vscode.DocumentFilter[];
  /** By folder, languages that its tool brings. */
  private readonly added = new Map<string, Set<string>>();
  private readonly subscription: DisposableLike;
  private registration: vscode.Disposable | undefined;
  private registered = '';

  constructor(
    private readonly formatter: DocumentFormatter,
    private readonly languages: OfferedLanguages,
    private readonly servers: ServersAtWork,
    /** Whether the user wants the tool there; `undefined` is any place outside of the folders. */
    private readonly isOn: (folder: vscode.WorkspaceFolder | undefined) => boolean,
  ) {
    this.selector = languages.documents.flatMap(everywhere);
    this.subscription = servers.onDidChange(() => this.register());
    this.register();
  }

  /** Languages that the tool of this folder handles beyond those that are always offered. */
  addLanguages(root: string, languageIds: readonly string[]): void {
    const known = this.added.get(root) ?? new Set();
    this.added.set(root, known);
    const before = known.size;
    for (const id of languageIds) if (!this.languages.documents.includes(id)) known.add(id);
    if (known.size > before) this.register();
  }

  dispose(): void {
    this.subscription.dispose();
    this.registration?.dispose();
  }

  /** Offers it where it is wanted now. */
  register(): void {
    const places = this.findPlaces();
    const documents = this.languages.documents.flatMap(id => this.filtersFor(id, places));
    const ranges = this.languages.ranges.flatMap(id => this.filtersFor(id, places));
    const added = [...this.added].flatMap(([root, ids]) => this.filtersIn(root, [...ids]));
    const offered = JSON.stringify([documents, ranges, added]);
    if (offered === this.registered) return;
    this.registered = offered;
    const { formatter } = this;
    const former = this.registration;
    this.registration = vscode.Disposable.from(
      vscode.languages.registerDocumentFormattingEditProvider([...documents, ...added], {
        provideDocumentFormattingEdits: (document, _options, token) =>
          formatter.edits(document, undefined, token),
      }),
      vscode.languages.registerDocumentRangeFormattingEditProvider(ranges, {
        provideDocumentRangeFormattingEdits: (document, range, _options, token) =>
          formatter.edits(document, range, token),
      }),
    );
    former?.dispose();
  }

  private findPlaces(): Places {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const wanting = folders.filter(folder => this.isOn(folder));
    return { wanting, isEverywhere: wanting.length === folders.length && this.isOn(undefined) };
  }

  private filtersFor(language: string, { wanting, isEverywhere }: Places): vscode.DocumentFilter[] {
    const own = wanting.filter(folder => !this.servers.formats(language, folder));
    if (isEverywhere && own.length === wanting.length) return everywhere(language);
    return [
      ...(this.isOn(undefined) ? [{ language, scheme: 'untitled' }] : []),
      ...own.map(({ uri }) => inside(uri, language)),
    ];
  }

  private filtersIn(root: string, languageIds: readonly string[]): vscode.DocumentFilter[] {
    const uri = vscode.Uri.file(root);
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return languageIds
      .filter(id => this.isOn(folder) && !(folder && this.servers.formats(id, folder)))
      .map(id => inside(uri, id));
  }
}

function everywhere(language: string): vscode.DocumentFilter[] {
  return ['file', 'untitled'].map(scheme => ({ language, scheme }));
}

function inside(folder: vscode.Uri, language: string): vscode.DocumentFilter {
  return { language, scheme: 'file', pattern: new vscode.RelativePattern(folder, '**') };
}

/** As much of the `vscode` module as code under unit test uses. */
export const l10n = {
  t: (text: string, ...values: unknown[]) =>
    text.replace(/\{(\d+)\}/gu, (_place, index: string) => String(values[Number(index)])),
};

export class EventEmitter<T> {
  private readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Range {
  readonly start: unknown;
  readonly end: unknown;

  /** Of two positions, or of two lines and columns. */
  constructor(...place: readonly unknown[]) {
    const [first, second, line, character] = place;
    const isNumbers = place.length === 4;
    this.start = isNumbers ? { line: first, character: second } : first;
    this.end = isNumbers ? { line, character } : second;
  }
}

export class Diagnostic {
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };

export const DiagnosticTag = { Unnecessary: 1, Deprecated: 2 };

export const Uri = {
  file: (fsPath: string) => ({ scheme: 'file', path: fsPath, fsPath }),
  parse: (text: string) => ({
    scheme: text.split(':')[0],
    path: text.replace(/^\w+:\/\//u, ''),
    fsPath: text.replace(/^\w+:\/\//u, ''),
    toString: () => text,
  }),
};

export class RelativePattern {
  constructor(
    readonly base: unknown,
    readonly pattern: string,
  ) {}
}

export const EndOfLine = { LF: 1, CRLF: 2 };

export const TextEdit = {
  replace: (range: Range, newText: string) => ({ range, newText }),
  setEndOfLine: (newEol: number) => ({ newEol }),
};

/** What the editor tells; tests fire these. */
export const editorEvents = {
  visibleEditors: new EventEmitter<unknown>(),
  opened: new EventEmitter<unknown>(),
  changed: new EventEmitter<unknown>(),
  saved: new EventEmitter<unknown>(),
  closed: new EventEmitter<unknown>(),
  deleted: new EventEmitter<unknown>(),
  folders: new EventEmitter<unknown>(),
  renamed: new EventEmitter<unknown>(),
};

/** What the watchers of files tell; a test fires it. */
export const fileEvents = new EventEmitter<{ readonly fsPath: string }>();

export const Disposable = {
  from: (...owned: readonly { dispose(): void }[]) => ({
    dispose: () => owned.forEach(one => one.dispose()),
  }),
};

export const workspace = {
  createFileSystemWatcher: (_pattern: unknown) => ({
    onDidChange: fileEvents.event,
    onDidCreate: () => ({ dispose: () => undefined }),
    onDidDelete: () => ({ dispose: () => undefined }),
    dispose: () => undefined,
  }),
  asRelativePath: (place: string | { path: string }) =>
    (typeof place === 'string' ? place : place.path).slice(1),
  isTrusted: true,
  textDocuments: [] as unknown[],
  workspaceFolders: [] as unknown[],
  getWorkspaceFolder: (_uri: { fsPath: string }): object | undefined => undefined,
  onDidChangeWorkspaceFolders: editorEvents.folders.event,
  onDidOpenTextDocument: editorEvents.opened.event,
  onDidChangeTextDocument: editorEvents.changed.event,
  onDidSaveTextDocument: editorEvents.saved.event,
  onDidCloseTextDocument: editorEvents.closed.event,
  onDidDeleteFiles: editorEvents.deleted.event,
  onDidRenameFiles: editorEvents.renamed.event,
};

export const window = {
  visibleTextEditors: [] as { document: unknown }[],
  onDidChangeVisibleTextEditors: editorEvents.visibleEditors.event,
};

export class MarkdownString {
  constructor(public value: string) {}
}

export const LogLevel = { Info: 3 };

export const extensions = {
  /** Those that bring something to the editor. */
  all: [] as { readonly packageJSON: object }[],
  installed: new Set<string>(),
  getExtension: (id: string) => (extensions.installed.has(id) ? { id } : undefined),
};

/** What the editor shows, by document. */
export const shownDiagnostics = new Map<string, readonly Diagnostic[]>();

interface Key {
  toString(): string;
}

export const languages = {
  getLanguages: async () => ['yaml', 'python'],
  createDiagnosticCollection: () => ({
    set: (uri: Key, diagnostics: readonly Diagnostic[]) =>
      shownDiagnostics.set(uri.toString(), diagnostics),
    delete: (uri: Key) => shownDiagnostics.delete(uri.toString()),
    dispose: () => shownDiagnostics.clear(),
  }),
};

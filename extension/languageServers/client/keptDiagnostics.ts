import * as vscode from 'vscode';
import type { DiagnosticCollectionProvider } from 'vscode-languageclient/node';

/**
 * What a server has found outlives the server: when it is lost, its problems stay until the next one has
 * something to say of the same document.
 */
export class KeptDiagnostics implements DiagnosticCollectionProvider, vscode.Disposable {
  private readonly collections = new Map<string, vscode.DiagnosticCollection>();

  constructor(private readonly name: string) {}

  /** By how the server tells them: when it likes, or when it is asked; each replaces only its own. */
  create(_name: string | undefined, source: string): vscode.DiagnosticCollection {
    let collection = this.collections.get(source);
    if (!collection) {
      collection = vscode.languages.createDiagnosticCollection(this.name);
      this.collections.set(source, collection);
    }
    return collection;
  }

  /** It is not the library's to take away. */
  dispose(): void {
    // See `close`.
  }

  /** Those of documents that a new server will not hear of would stay for ever. */
  forgetClosed(): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const collection of this.collections.values()) {
      collection.forEach(uri => {
        if (!open.has(uri.toString())) collection.delete(uri);
      });
    }
  }

  clear(): void {
    for (const collection of this.collections.values()) collection.clear();
  }

  close(): void {
    for (const collection of this.collections.values()) collection.dispose();
    this.collections.clear();
  }
}

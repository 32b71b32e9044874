import * as vscode from 'vscode';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { DiagnosticCollectionProvider } from 'vscode-languageclient/node';

/** How long a new server may take to tell again what the last one had told. */
const toldAgainMs = 10_000;

/**
 * What a server has found outlives the server: when it is lost, its problems stay until the next one has
 * something to say of the same document, or has had the time for it.
 */
export class KeptDiagnostics implements DiagnosticCollectionProvider, vscode.Disposable {
  private readonly collections = new Map<string, vscode.DiagnosticCollection>();
  /** Documents of which a new server has not said anything yet. */
  private readonly stale = new Map<string, vscode.Uri>();
  private timer: DisposableLike | undefined;
  private isClosed = false;

  constructor(
    private readonly name: string,
    private readonly clock: Clock,
  ) {}

  /** By what the server calls them, and by how it tells them: each replaces only its own. */
  create(name: string | undefined, source: string): vscode.DiagnosticCollection {
    const key = JSON.stringify([name, source]);
    let collection = this.collections.get(key);
    if (!collection) {
      collection = vscode.languages.createDiagnosticCollection(this.name);
      if (this.isClosed)
        collection.dispose(); // a late word of a server that is being ended
      else this.collections.set(key, collection);
    }
    return collection;
  }

  /** It is not the library's to take away. */
  dispose(): void {
    // See `close`.
  }

  /** A server has taken the place of another: what it does not tell in time is true no more. */
  renew(): void {
    for (const collection of this.collections.values()) {
      collection.forEach(uri => this.stale.set(uri.toString(), uri));
    }
    this.timer?.dispose();
    this.timer = this.clock.after(toldAgainMs, () => {
      for (const uri of this.stale.values()) {
        for (const collection of this.collections.values()) collection.delete(uri);
      }
      this.stale.clear();
    });
  }

  told(uri: vscode.Uri): void {
    this.stale.delete(uri.toString());
  }

  clear(): void {
    this.timer?.dispose();
    this.stale.clear();
    for (const collection of this.collections.values()) collection.clear();
  }

  /** Nobody will update them any more. */
  close(): void {
    this.isClosed = true;
    this.timer?.dispose();
    for (const collection of this.collections.values()) collection.dispose();
    this.collections.clear();
  }
}

import fs from 'node:fs/promises';
import type * as vscode from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';
import { isWithin } from '../../../server/node/isWithin.ts';
import type { Folders } from '../serverTarget.ts';
import type { LanguageFile } from '../languageFiles.ts';
import { openDocument } from './openDocument.ts';

/** Of a larger file, reading would cost more than it saves. */
const mostBytes = 200_000;

/**
 * Has a server read what it reads only for the first document, its project and its libraries, before there
 * is one: it is told of a file of the folder as if that were open, and asked for completions there. The file
 * is closed again when a document is opened.
 */
export class WarmUp {
  private told: string | undefined;

  /** What the client must know of it. */
  readonly middleware: Pick<Middleware, 'didOpen'> = {
    didOpen: async (document, next) => {
      const isSame = this.isOf(document.uri);
      if (isSame) await this.end();
      await next(document);
      if (!isSame) await this.end();
    },
  };

  constructor(private readonly client: () => LanguageClient) {}

  /** Nobody has opened that file: nothing is to be shown of it. */
  isOf(uri: vscode.Uri): boolean {
    return uri.toString() === this.told;
  }

  /** Resolves when the server has done what it was asked for. */
  async begin({ uri, languageId }: LanguageFile, folders: Folders): Promise<void> {
    const text = await readOwn(uri.fsPath, folders);
    const client = this.client();
    if (text === undefined || languageId === undefined) return;
    if (!client.isRunning() || openDocument(uri)) return;
    this.told = uri.toString();
    const textDocument = { uri: this.told, languageId, version: 0, text };
    await client.sendNotification('textDocument/didOpen', { textDocument });
    if (client.initializeResult?.capabilities.completionProvider) {
      const position = { line: 0, character: 0 };
      const context = { triggerKind: 1 }; // invoked
      const asked = { textDocument: { uri: this.told }, position, context };
      await client.sendRequest('textDocument/completion', asked);
    }
  }

  private async end(): Promise<void> {
    const uri = this.told;
    if (uri === undefined) return;
    this.told = undefined;
    // When it fails, the server has ended, and knows of nothing any more.
    const client = this.client();
    await client
      .sendNotification('textDocument/didClose', { textDocument: { uri } })
      .catch(() => undefined);
  }
}

/** A file that really lies in one of the folders: a link of the project could lead anywhere. */
async function readOwn(file: string, folders: Folders): Promise<string | undefined> {
  const real = await fs.realpath(file);
  const roots = await Promise.all(folders.map(({ uri }) => fs.realpath(uri.fsPath)));
  if (!roots.some(root => isWithin(real, root))) return undefined;
  const found = await fs.stat(real);
  return found.isFile() && found.size <= mostBytes ? fs.readFile(real, 'utf8') : undefined;
}

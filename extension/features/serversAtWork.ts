import type { TextDocument, WorkspaceFolder } from 'vscode';
import type { Event } from '../../server/shared/base/event.ts';

/** What running language servers do in the place of tools, in folders whose user prefers servers. */
export interface ServersAtWork {
  /** Whether one formats all documents of the language. */
  formats(languageId: string, folder: WorkspaceFolder): boolean;
  /** Whether one tells the problems of the document that this tool finds. */
  tells(tool: string, document: TextDocument): boolean;
  readonly onDidChange: Event<void>;
}

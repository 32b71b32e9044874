import type { TextDocument, WorkspaceFolder } from 'vscode';
import type { ToolInfo } from '../../../server/shared/protocol/events.ts';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { SessionRequest } from '../../sessions/pool/sessionPool.ts';

/** What formats a document, as people are told. */
export interface FormattedBy extends Pick<ToolInfo, 'name' | 'origin'> {
  /** Absent where only the session knows it. */
  readonly version?: string;
  /** The folder that it works for. */
  readonly root: string;
}

/** Everything needed to format one document: which tools, in which session, for how long. */
export interface FormattingTarget {
  readonly by: FormattedBy;
  readonly request: SessionRequest;
  /** One after the other, each with what the one before has made of the document. */
  readonly tools: readonly ToolSpec[];
  readonly timeoutMs: number;
}

/** Finds what formats documents, under the settings and the trust of this moment. */
export interface FormattingTargets {
  /** Undefined when the user's settings leave nothing for it. Throws `tool.notFound`. */
  forDocument(document: TextDocument): Promise<FormattingTarget | undefined>;
  /** What is worth being started before a document of the folder is opened, if anything is. */
  forFolder(folder: WorkspaceFolder): Promise<FormattingTarget | undefined>;
}

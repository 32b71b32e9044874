import type { TextDocument } from 'vscode';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { SessionRequest } from '../../sessions/pool/sessionPool.ts';

/** What lints a document, as people are told. */
export interface LintedBy {
  readonly name: string;
  /** Absent where only the session knows it. */
  readonly version?: string;
  /** The folder that it works for. */
  readonly root: string;
}

/** Everything needed to lint one document: which tool, in which session, for how long. */
export interface LintTarget {
  readonly by: LintedBy;
  readonly request: SessionRequest;
  readonly tool: ToolSpec;
  readonly timeoutMs: number;
}

/** Why a document is not linted. */
export type NotLinted =
  | 'disabled' // the settings say so
  | 'otherExtension' // the ESLint extension does it
  | 'noESLint' // the project has none
  | 'restricted'; // no trust, and the tool runs code of the project

/** Finds what lints documents, under the settings and the trust of this moment. */
export interface LintTargets {
  /** Whether it is a document of a kind that is linted at all: a file of this workspace. */
  isMeant(document: TextDocument): boolean;
  /** Whether it is linted while somebody types, not only when it is saved. */
  runsOnType(document: TextDocument): boolean;
  /** Throws `tool.notFound` when what the user named is not there. */
  forDocument(document: TextDocument): Promise<LintTarget | NotLinted>;
}

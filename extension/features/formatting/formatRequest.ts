import type { Range, TextDocument } from 'vscode';
import type { FormatRequest } from '../../../server/shared/protocol/formatting.ts';

/** The document as it is now, whole or in part, as a tool is asked to format it. */
export function formatRequest(document: TextDocument, range?: Range): FormatRequest {
  return {
    text: document.getText(),
    languageId: document.languageId,
    ...(document.uri.scheme === 'file' && { path: document.uri.fsPath }),
    ...(range && {
      range: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) },
    }),
  };
}

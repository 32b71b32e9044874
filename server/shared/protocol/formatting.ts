import * as v from 'valibot';
import { assertWithin, configurationError, edit, offset, words } from './documents.ts';

const formatRequest = v.strictObject({
  text: v.string(),
  /** Absolute path; absent for a document that was never saved. */
  path: v.optional(v.string()),
  /** The editor's language of the document, for files whose name says nothing. */
  languageId: v.string(),
  /** Only this part may change; UTF-16 offsets. */
  range: v.optional(v.strictObject({ start: offset, end: offset })),
});

/** A document, whole or in part, to be put in the tool's form. */
export type FormatRequest = v.InferOutput<typeof formatRequest>;

const formatReport = v.variant('kind', [
  v.strictObject({
    kind: v.literal('formatted'),
    /** Offsets are of the request's text. */
    edit,
    /** The line ending that the tool chose, where it is not the document's. */
    lineEnding: v.optional(v.picklist(['lf', 'crlf'])),
  }),
  v.strictObject({ kind: v.literal('unchanged') }),
  /** The project says that this file is not to be formatted. */
  v.strictObject({ kind: v.literal('ignored') }),
  /** The tool does not know this kind of file. */
  v.strictObject({ kind: v.literal('unsupported') }),
  /** `line` and `column` count from 1. */
  v.strictObject({
    kind: v.literal('syntaxError'),
    message: words,
    line: v.optional(offset),
    column: v.optional(offset),
  }),
  configurationError,
  /** The configuration needs code of the project, and the workspace is not trusted. */
  v.strictObject({ kind: v.literal('restricted'), file: v.optional(words) }),
]);

/** What a formatter says of a document. Refusals are values; only a broken tool throws. */
export type FormatReport = v.InferOutput<typeof formatReport>;

/** A tool that formats. */
export interface FormatterApi {
  format(request: FormatRequest): Promise<FormatReport>;
  /** Formats and forgets, so that what it takes is loaded and compiled before somebody waits for it. */
  warm(request: FormatRequest): Promise<void>;
}

/** Throws a `ValiError` that names the field. */
export function parseFormatRequest(raw: unknown): FormatRequest {
  return v.parse(formatRequest, raw);
}

/** Throws a `ValiError`, also when the edit does not lie within a text of `textLength`. */
export function parseFormatReport(raw: unknown, textLength: number): FormatReport {
  const report = v.parse(formatReport, raw);
  if (report.kind === 'formatted') assertWithin([report.edit], textLength);
  return report;
}

import * as v from 'valibot';
import { assertWithin, configurationError, edit, offset, words } from './documents.ts';

/** How much a linter may say of one document. A tool sends no more, and more is not accepted. */
export const lintLimits = {
  problems: 5_000,
  /** Of one problem. */
  suggestions: 20,
  /** Of one fix or suggestion. */
  edits: 100,
  /** Characters that one edit puts in. */
  editText: 100_000,
  /** Characters of a rule's name. */
  rule: 200,
  /** Characters of an address. */
  url: 2_000,
} as const;

const lintRequest = v.strictObject({
  text: v.string(),
  /** Absolute path; the text need not be what the file holds. */
  path: v.string(),
  /** The editor's language of the document. */
  languageId: v.string(),
  /** The file begins with a byte order mark, which editors keep apart from the text. */
  hasByteOrderMark: v.optional(v.literal(true)),
});

/** A document to be looked at. */
export type LintRequest = v.InferOutput<typeof lintRequest>;

/** Lines as editors count them, from 0, ended by CR LF, LF or CR; columns in UTF-16 units, from 0. */
const position = v.strictObject({ line: offset, column: offset });

const textEdit = v.strictObject({
  start: offset,
  end: offset,
  text: v.pipe(v.string(), v.maxLength(lintLimits.editText)),
});

/** Offsets are of the request's text; no two of them overlap. */
const textEdits = v.pipe(v.array(textEdit), v.minLength(1), v.maxLength(lintLimits.edits));

const problem = v.strictObject({
  /** Empty where the tool knows only where it begins. */
  range: v.strictObject({ start: position, end: position }),
  severity: v.picklist(['error', 'warning', 'information', 'hint']),
  message: words,
  /** Absent for what no rule finds: a syntax error. */
  rule: v.optional(v.pipe(v.string(), v.maxLength(lintLimits.rule))),
  ruleUrl: v.optional(v.pipe(v.string(), v.maxLength(lintLimits.url), v.regex(/^https?:\/\//u))),
  tags: v.optional(v.pipe(v.array(v.picklist(['unnecessary', 'deprecated'])), v.maxLength(2))),
  /** Mends it without a change of meaning. */
  fix: v.optional(textEdits),
  /** Ways to mend it that a person must choose. */
  suggestions: v.optional(
    v.pipe(
      v.array(v.strictObject({ message: words, edits: textEdits })),
      v.maxLength(lintLimits.suggestions),
    ),
  ),
});

/** Something a linter has found. */
export type Problem = v.InferOutput<typeof problem>;

const refusals = [
  /** The project says that this file is not to be looked at, or says nothing about files like it. */
  v.strictObject({ kind: v.literal('ignored') }),
  v.strictObject({ kind: v.literal('noConfiguration') }),
  configurationError,
  /** It would run code of the project, and the workspace is not trusted. */
  v.strictObject({ kind: v.literal('restricted') }),
] as const;

const lintReport = v.variant('kind', [
  v.strictObject({
    kind: v.literal('linted'),
    problems: v.pipe(v.array(problem), v.maxLength(lintLimits.problems)),
    /** How many more there are. */
    omitted: v.optional(offset),
    /** They depend on other files (by their types), which the tool reads once and not again. */
    keepsOthers: v.optional(v.literal(true)),
  }),
  ...refusals,
]);

const fixReport = v.variant('kind', [
  v.strictObject({
    kind: v.literal('fixed'),
    /** Offsets are of the request's text. */
    edit,
  }),
  v.strictObject({ kind: v.literal('unchanged') }),
  ...refusals,
]);

/** What a linter says of a document. Refusals are values; only a broken tool throws. */
export type LintReport = v.InferOutput<typeof lintReport>;

/** What became of a document by all of a linter's fixes. */
export type FixReport = v.InferOutput<typeof fixReport>;

/** Why a linter does not look at a document. */
export type LintRefusal = Exclude<LintReport, { kind: 'linted' }>;

/** A tool that lints. */
export interface LinterApi {
  lint(request: LintRequest): Promise<LintReport>;
  /** Applies every fix, again and again until nothing is left to fix, as the command line does. */
  fix(request: LintRequest): Promise<FixReport>;
}

/** Throws a `ValiError` that names the field. */
export function parseLintRequest(raw: unknown): LintRequest {
  return v.parse(lintRequest, raw);
}

/** Throws a `ValiError`, also when an edit does not lie within a text of `textLength`. */
export function parseLintReport(raw: unknown, textLength: number): LintReport {
  const report = v.parse(lintReport, raw);
  if (report.kind !== 'linted') return report;
  for (const { fix = [], suggestions = [] } of report.problems) {
    assertWithin(fix, textLength);
    for (const { edits } of suggestions) assertWithin(edits, textLength);
  }
  return report;
}

/** Throws a `ValiError`, also when the edit does not lie within a text of `textLength`. */
export function parseFixReport(raw: unknown, textLength: number): FixReport {
  const report = v.parse(fixReport, raw);
  if (report.kind === 'fixed') assertWithin([report.edit], textLength);
  return report;
}

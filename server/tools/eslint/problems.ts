import { clip } from '../../shared/base/clip.ts';
import { errorLimits } from '../../shared/toldErrors.ts';
import {
  lintLimits,
  type LintReport,
  type LintRequest,
  type Problem,
} from '../../shared/protocol/linting.ts';
import { editorPositions, type ToPosition } from './editorPositions.ts';
import type { ESLintEngine, LintMessage, LintResult } from './eslintModule.ts';

/** ESLint's results as a report: places as the editor counts them, addresses of rules, bounds kept. */
export function reportProblems(
  engine: ESLintEngine,
  results: readonly LintResult[],
  request: LintRequest,
): LintReport {
  const [result] = results;
  if (!result) return { kind: 'ignored' };
  const urlOf = ruleUrls(engine, results);
  const toPosition = editorPositions(request);
  const problems = result.messages
    .slice(0, lintLimits.problems)
    .map(message => toProblem(message, request.text, toPosition, urlOf));
  const omitted = result.messages.length - problems.length;
  return { kind: 'linted', problems, ...(omitted > 0 && { omitted }) };
}

function toProblem(
  message: LintMessage,
  text: string,
  toPosition: ToPosition,
  urlOf: (rule: string) => string | undefined,
): Problem {
  const { line, column, endLine, endColumn, severity, fatal } = message;
  const start = toPosition(line, column);
  const rule = nameOf(message.ruleId);
  const ruleUrl = rule === undefined ? undefined : urlOf(rule);
  const fix = toEdit(message.fix, text);
  const suggestions = toSuggestions(message.suggestions, text);
  const tags = rule === undefined ? [] : tagsOf(rule);
  return {
    range: { start, end: endLine === undefined ? start : toPosition(endLine, endColumn) },
    severity: severity === 2 || fatal === true ? 'error' : 'warning',
    message: toWords(message.message),
    ...(rule !== undefined && { rule }),
    ...(ruleUrl !== undefined && { ruleUrl }),
    ...(tags.length > 0 && { tags }),
    ...(fix && { fix: [fix] }),
    ...(suggestions.length > 0 && { suggestions }),
  };
}

function nameOf(ruleId: unknown): string | undefined {
  if (typeof ruleId !== 'string' || ruleId === '') return undefined;
  return clip(ruleId, lintLimits.rule);
}

function toWords(message: unknown): string {
  return clip(typeof message === 'string' ? message : 'no message', errorLimits.message);
}

type Edit = NonNullable<Problem['fix']>[number];

/** ESLint's offsets leave out a byte order mark; one that lies before it removes it. */
function toEdit(raw: unknown, text: string): Edit | undefined {
  const { range, text: replacement } = (raw ?? {}) as { range?: unknown; text?: unknown };
  if (!Array.isArray(range) || typeof replacement !== 'string') return undefined;
  const shift = text.startsWith('\uFEFF') ? 1 : 0;
  const [start, end] = range.map(offset => Math.max(0, Number(offset) + shift));
  const isUsable =
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(end) &&
    start! <= end! &&
    end! <= text.length &&
    replacement.length <= lintLimits.editText &&
    (start !== end || replacement !== '');
  return isUsable ? { start: start!, end: end!, text: replacement } : undefined;
}

function toSuggestions(raw: unknown, text: string): NonNullable<Problem['suggestions']> {
  if (!Array.isArray(raw)) return [];
  return raw.slice(0, lintLimits.suggestions).flatMap((suggestion: unknown) => {
    const { desc, fix } = (suggestion ?? {}) as { desc?: unknown; fix?: unknown };
    const edit = toEdit(fix, text);
    return edit ? [{ message: toWords(desc), edits: [edit] }] : [];
  });
}

/** Rules whose findings the editor can draw as what they are. */
function tagsOf(rule: string): NonNullable<Problem['tags']> {
  const name = rule.slice(rule.lastIndexOf('/') + 1);
  if (/^no-unused-|^no-unreachable$/u.test(name)) return ['unnecessary'];
  return /^(no-)?deprecat(ed|ion)$/u.test(name) ? ['deprecated'] : [];
}

function ruleUrls(
  engine: ESLintEngine,
  results: readonly LintResult[],
): (rule: string) => string | undefined {
  const metas = rulesMeta(engine, results);
  return rule => {
    const url = metas[rule]?.docs?.url;
    const isUsable =
      typeof url === 'string' && url.length <= lintLimits.url && /^https?:\/\//u.test(url);
    return isUsable ? url : undefined;
  };
}

function rulesMeta(engine: ESLintEngine, results: readonly LintResult[]) {
  try {
    return engine.getRulesMetaForResults(results);
  } catch {
    return {}; // a rule that no plugin has; problems without a link are worth more than none
  }
}

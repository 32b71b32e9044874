import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  parseFixReport,
  parseLintReport,
  type FixReport,
  type LintReport,
  type LintRequest,
} from '../../server/shared/protocol/linting.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { ToolCall } from '../../extension/sessions/session.ts';
import type { Project } from './project.ts';
import { confinedRequest, type TestPool } from './sessions.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** An ESLint that tests can give a project, by major version. */
export const eslintPackages = {
  8: path.join(repository, 'node_modules/eslint-8'),
  9: path.join(repository, 'node_modules/eslint-9'),
  10: path.join(repository, 'node_modules/eslint'),
} as const;

export type ESLintMajor = keyof typeof eslintPackages;

/** Lints the files of one project in a session, as the editor's feature does. */
export class ESLintSession {
  readonly tool: ToolSpec;
  private readonly request;

  constructor(
    readonly host: TestPool,
    readonly project: Project,
    major: ESLintMajor,
    options: Partial<ToolSpec> = {},
  ) {
    this.tool = {
      name: 'eslint',
      directory: eslintPackages[major],
      origin: 'project',
      root: project.root,
      ignoreRoots: [],
      trusted: true,
      ...options,
    };
    const { root } = this.tool;
    this.request = confinedRequest({
      key: `${root} ${this.tool.directory}`,
      cwd: root,
      tools: [this.tool],
    });
  }

  /** The file as it is on disk, unless the text is given. */
  async lint(
    name: string,
    request: Partial<LintRequest> = {},
    options: Partial<ToolCall> = {},
  ): Promise<LintReport> {
    const whole = this.requestFor(name, request);
    return parseLintReport(await this.call('lint', whole, options), whole.text.length);
  }

  async fix(name: string, request: Partial<LintRequest> = {}): Promise<FixReport> {
    const whole = this.requestFor(name, request);
    return parseFixReport(await this.call('fix', whole), whole.text.length);
  }

  /** Text of the file once all that can be fixed is. */
  async fixed(name: string, request: Partial<LintRequest> = {}): Promise<string> {
    const { text } = this.requestFor(name, request);
    const report = await this.fix(name, request);
    if (report.kind === 'unchanged') return text;
    if (report.kind !== 'fixed') throw new Error(`not fixed: ${JSON.stringify(report)}`);
    return text.slice(0, report.edit.start) + report.edit.text + text.slice(report.edit.end);
  }

  private call(method: string, request: LintRequest, options: Partial<ToolCall> = {}) {
    return this.host.pool.call(this.request, {
      tool: this.tool,
      method,
      args: [request],
      ...options,
    });
  }

  private requestFor(name: string, request: Partial<LintRequest>): LintRequest {
    const file = this.project.path(name);
    const text = request.text ?? fs.readFileSync(file, 'utf8');
    return { path: file, languageId: languageOf(name), ...request, text };
  }
}

export function languageOf(name: string): string {
  const languages: Readonly<Record<string, string>> = {
    '.ts': 'typescript',
    '.tsx': 'typescriptreact',
    '.jsx': 'javascriptreact',
    '.json': 'json',
    '.md': 'markdown',
    '.vue': 'vue',
  };
  return languages[path.extname(name)] ?? 'javascript';
}

export interface CommandLineMessage {
  readonly ruleId: string | null;
  readonly severity: number;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly fix?: { readonly range: readonly [number, number]; readonly text: string };
  readonly suggestions?: readonly {
    readonly desc: string;
    readonly fix: { readonly range: readonly [number, number]; readonly text: string };
  }[];
}

export interface CommandLineResult {
  readonly messages: readonly CommandLineMessage[];
  readonly output?: string;
}

/** What this version's own command line says of files, by their names. */
export async function lintByCommandLine(
  major: ESLintMajor,
  project: Project,
  names: readonly string[],
  flags: readonly string[] = [],
): Promise<ReadonlyMap<string, CommandLineResult>> {
  const command = path.join(eslintPackages[major], 'bin/eslint.js');
  const args = [command, '--format', 'json', ...flags, ...names];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(process.execPath, args, { cwd: project.root }, (error, stdout, stderr) => {
    // It exits with 1 when it has found something.
    if (stdout === '') reject(error ?? new Error(stderr));
    else resolve(stdout);
  });
  const results = JSON.parse(await promise) as (CommandLineResult & { filePath: string })[];
  return new Map(results.map(result => [path.relative(project.root, result.filePath), result]));
}

/** A problem in words that do not depend on who tells it: places are offsets in the text. */
export interface PlainProblem {
  readonly rule: string | undefined;
  readonly isError: boolean;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly fix: PlainEdit | undefined;
  readonly suggestions: readonly { readonly message: string; readonly fix: PlainEdit }[];
}

interface PlainEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a session says of a text, whose lines are those of an editor. */
export function plainReport(report: LintReport, text: string): PlainProblem[] {
  if (report.kind !== 'linted') throw new Error(`not linted: ${JSON.stringify(report)}`);
  const offset = offsetsIn(text, /\r\n|[\r\n]/gu);
  return report.problems.map(({ rule, severity, message, range, fix, suggestions = [] }) => ({
    rule,
    isError: severity === 'error',
    message,
    start: offset(range.start.line, range.start.column),
    end: offset(range.end.line, range.end.column),
    fix: fix?.[0],
    suggestions: suggestions.map(({ message: words, edits }) => ({
      message: words,
      fix: edits[0]!,
    })),
  }));
}

/** What the command line says of a file with this text, whose lines are those of JavaScript. */
export function plainResult({ messages }: CommandLineResult, text: string): PlainProblem[] {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const offset = offsetsIn(text.slice(mark), /\r\n|[\r\n\u2028\u2029]/gu);
  const edit = (fix: NonNullable<CommandLineMessage['fix']>): PlainEdit => ({
    start: Math.max(0, fix.range[0] + mark),
    end: fix.range[1] + mark,
    text: fix.text,
  });
  return messages.map(message => {
    const { ruleId, severity, line, column, endLine = line, endColumn = column } = message;
    return {
      rule: ruleId ?? undefined,
      isError: severity === 2,
      message: message.message,
      start: mark + offset(line - 1, column - 1),
      end: mark + offset(endLine - 1, endColumn - 1),
      fix: message.fix && edit(message.fix),
      suggestions: (message.suggestions ?? []).map(({ desc, fix }) => ({
        message: desc,
        fix: edit(fix),
      })),
    };
  });
}

function offsetsIn(text: string, lineEnd: RegExp) {
  const ends = [...text.matchAll(lineEnd)].map(({ 0: end, index }) => index + end.length);
  const starts = [0, ...ends];
  return (line: number, column: number) => starts[line]! + column;
}

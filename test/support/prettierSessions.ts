import fs from 'node:fs';
import {
  parseFormatReport,
  type FormatReport,
  type FormatRequest,
} from '../../server/shared/protocol/formatting.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import type { LaunchSpec } from '../../extension/sessions/launchSpec.ts';
import type { ToolCall } from '../../extension/sessions/session.ts';
import type { TestPool } from './sessions.ts';
import { prettierSpec, confinedRequest } from './sessions.ts';
import type { PrettierMajor, Project } from './project.ts';

/** Formats the files of one project in a session, as the editor's feature does. */
export class PrettierSession {
  readonly tool: ToolSpec;
  private readonly request;

  constructor(
    readonly host: TestPool,
    readonly project: Project,
    major: PrettierMajor = 3,
    options: Partial<ToolSpec> & Partial<Pick<LaunchSpec, 'memoryLimitMb' | 'executable'>> = {},
  ) {
    const { memoryLimitMb = 2_048, executable = process.execPath, ...spec } = options;
    this.tool = prettierSpec(project.root, major, spec);
    this.request = confinedRequest({
      key: `${project.root} ${this.tool.directory}`,
      cwd: project.root,
      tools: [this.tool],
      memoryLimitMb,
      executable,
    });
  }

  async prewarm(): Promise<void> {
    await this.host.pool.prewarm(this.request);
  }

  /** As the editor does for a document that was opened. */
  async warm(name: string, deadlineMs?: number): Promise<void> {
    await this.prewarm();
    const path = this.project.path(name);
    const request = { text: fs.readFileSync(path, 'utf8'), path, languageId: 'plaintext' };
    await this.host.pool.call(this.request, {
      tool: this.tool,
      method: 'warm',
      args: [request],
      deadlineMs,
    });
  }

  async report(request: FormatRequest, options: Partial<ToolCall> = {}): Promise<FormatReport> {
    const call = { tool: this.tool, method: 'format', args: [request], ...options };
    const answer = await this.host.pool.call(this.request, call);
    return parseFormatReport(answer, request.text.length);
  }

  reportText(text: string, name = 'a.ts', options: Partial<ToolCall> = {}): Promise<FormatReport> {
    return this.report({ text, path: this.project.path(name), languageId: 'plaintext' }, options);
  }

  /** Text of the file once it has been brought into form. */
  async format(name: string, request: Partial<FormatRequest> = {}): Promise<string> {
    const text = fs.readFileSync(this.project.path(name), 'utf8');
    const report = await this.report({
      text,
      path: this.project.path(name),
      languageId: 'plaintext',
      ...request,
    });
    if (report.kind === 'unchanged') return text;
    if (report.kind !== 'formatted') throw new Error(`not formatted: ${JSON.stringify(report)}`);
    return text.slice(0, report.edit.start) + report.edit.text + text.slice(report.edit.end);
  }
}

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import type { SessionRequest } from '../../../extension/sessions/pool/sessionPool.ts';
import type { ToolCall } from '../../../extension/sessions/session.ts';
import { parseFormatReport } from '../../../server/shared/protocol/formatting.ts';
import { parseLintReport, type Problem } from '../../../server/shared/protocol/linting.ts';
import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import { systemPython } from '../../host/pythonTools.ts';
import { Project } from '../project.ts';
import { builtPythonMain, confinedRequest, sessionRequest, TestPool } from '../sessions.ts';

const run = promisify(execFile);

interface ToolSessionOptions {
  readonly interpreter?: string;
  /** Tools of a project that name the same share a session. */
  readonly sharedAs?: string;
  /** What the interpreter runs in place of the worker. */
  readonly program?: string;
  /** True unless given. False: for what writes into the project, to be seen by the test. */
  readonly isConfined?: boolean;
}

/** One Python tool in a session, working for a project. */
export class PythonToolSession {
  private readonly request: SessionRequest;
  private readonly tool: ToolSpec;

  constructor(
    private readonly host: TestPool,
    private readonly project: Project,
    name: string,
    options: ToolSessionOptions = {},
  ) {
    const { root } = project;
    const { interpreter = systemPython, sharedAs = name, program = builtPythonMain } = options;
    const request = options.isConfined === false ? sessionRequest : confinedRequest;
    this.tool = {
      name,
      directory: interpreter,
      origin: 'project',
      root,
      ignoreRoots: [root],
      trusted: true,
    };
    this.request = request({
      key: `${sharedAs} ${root}`,
      runtime: 'python',
      executable: interpreter,
      workerPath: program,
      cwd: root,
      tools: [this.tool],
    });
  }

  call(method: string, request: object, options: Partial<ToolCall> = {}): Promise<unknown> {
    return this.host.pool.call(this.request, {
      tool: this.tool,
      method,
      args: [request],
      ...options,
    });
  }

  /** The report for a text, as if it were in a file of this name. */
  async report(text: string, name = 'a.py') {
    const path = this.project.path(name);
    const answer = await this.call('format', { text, path, languageId: 'python' });
    return parseFormatReport(answer, text.length);
  }

  /** The text in the tool's form. */
  async format(text: string, name = 'a.py'): Promise<string> {
    const report = await this.report(text, name);
    if (report.kind === 'unchanged') return text;
    if (report.kind !== 'formatted') throw new Error(`not formatted: ${JSON.stringify(report)}`);
    const { start, end, text: put } = report.edit;
    return text.slice(0, start) + put + text.slice(end);
  }

  /** What the tool finds in a file that is on disk. */
  async lint(name: string, options: Partial<ToolCall> = {}): Promise<readonly Problem[]> {
    const path = this.project.path(name);
    const text = fs.readFileSync(path, 'utf8');
    const report = parseLintReport(
      await this.call('lint', { text, path, languageId: 'python' }, options),
      text.length,
    );
    if (report.kind !== 'linted') throw new Error(`not linted: ${JSON.stringify(report)}`);
    return report.problems;
  }
}

/** A project of these files, and a tool that works for it. */
export async function withTool<T>(
  name: string,
  files: Record<string, string>,
  work: (tool: PythonToolSession, project: Project) => Promise<T>,
  options: ToolSessionOptions = {},
): Promise<T> {
  await using host = new TestPool();
  using project = new Project(files);
  return await work(new PythonToolSession(host, project, name, options), project);
}

/** What the command line makes of a file: its text afterwards. */
export async function formatByCommand(
  project: Project,
  module: string,
  text: string,
  name = 'a.py',
  flags: readonly string[] = [],
): Promise<string> {
  const file = project.write(name, text);
  await run(systemPython, ['-m', module, ...flags, file], { cwd: project.root });
  return fs.readFileSync(file, 'utf8');
}

/** What the command line prints, whatever its exit code. */
export async function printedByCommand(
  project: Project,
  module: string,
  ...args: readonly string[]
): Promise<string> {
  try {
    return (await run(systemPython, ['-m', module, ...args], { cwd: project.root })).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

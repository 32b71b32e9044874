import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { PoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import type { SessionRequest } from '../../extension/sessions/pool/sessionPool.ts';
import type { ToolCall } from '../../extension/sessions/session.ts';
import { parseFormatReport } from '../../server/shared/protocol/formatting.ts';
import { Project } from './project.ts';
import { prettierSpec, repository, sessionRequest, TestPool } from './sessions.ts';

const plugin = path.join(repository, 'test/fixtures/plugins/ordeal.mjs');

/** What a document can make the tool do; `hold` goes on until it is released. */
export type Deed = 'answer' | 'fail' | 'hold' | 'hang' | 'leak' | 'exit';

/** A pool whose one tool does what it is told, which shows who did what when. */
export class Ordeals implements AsyncDisposable {
  readonly host: TestPool;
  readonly request: SessionRequest;
  private readonly project = new Project({
    '.prettierrc.json': JSON.stringify({ plugins: [plugin] }),
    'begun.log': '',
  });
  private readonly tool = prettierSpec(this.project.root);

  constructor(
    policy: Partial<PoolPolicy> = {},
    {
      memoryLimitMb = 2_048,
      ...request
    }: Partial<SessionRequest> & { readonly memoryLimitMb?: number } = {},
  ) {
    this.host = new TestPool(policy);
    const launch = { key: 'ordeals', cwd: this.project.root, tools: [this.tool], memoryLimitMb };
    this.request = { ...sessionRequest(launch), ...request };
  }

  /** Resolves with what the tool answered: `done <id>`. */
  async call(
    deed: Deed,
    id: string,
    options: Partial<ToolCall> = {},
    request = this.request,
  ): Promise<string> {
    const text = `${deed} ${id}\n`;
    const answer = await this.host.pool.call(request, {
      tool: this.tool,
      method: 'format',
      args: [{ text, path: this.project.path('a.ordeal'), languageId: 'ordeal' }],
      subject: id,
      ...options,
    });
    const report = parseFormatReport(answer, text.length);
    if (report.kind !== 'formatted') throw new Error(`not done: ${JSON.stringify(report)}`);
    const { start, end, text: put } = report.edit;
    return (text.slice(0, start) + put + text.slice(end)).trim();
  }

  /** A call that has begun and goes on until it is {@link release}d. */
  async hold(id: string): Promise<{ readonly answer: Promise<string>; readonly pid: number }> {
    const answer = this.call('hold', id);
    answer.catch(() => undefined); // the test looks at it later
    return { answer, pid: await this.begun(id) };
  }

  release(...ids: readonly string[]): void {
    for (const id of ids) this.project.write(id, '');
  }

  /** The process in which a call has begun, or will. */
  async begun(id: string): Promise<number> {
    const log = this.project.path('begun.log');
    const watcher = fs.watch(this.project.root);
    try {
      for (;;) {
        const line = this.lines(log).find(([name]) => name === id);
        if (line) return Number(line[1]);
        await once(watcher, 'change');
      }
    } finally {
      watcher.close();
    }
  }

  /** How often a call has begun. */
  timesBegun(id: string): number {
    return this.lines(this.project.path('begun.log')).filter(([name]) => name === id).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    this.project[Symbol.dispose]();
  }

  private lines(log: string): string[][] {
    return fs
      .readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map(line => line.split(' '));
  }
}

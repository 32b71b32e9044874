import fs from 'node:fs';
import path from 'node:path';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import { parseFormatReport, type FormatReport } from '../../server/shared/protocol/formatting.ts';
import type { ToolSpec } from '../../server/shared/protocol/worker.ts';
import { toolConfinement } from '../../extension/features/toolConfinement.ts';
import type { LaunchSpec } from '../../extension/sessions/launchSpec.ts';
import type { SessionRequest } from '../../extension/sessions/pool/sessionPool.ts';
import type { ToolCall } from '../../extension/sessions/session.ts';
import { builtPythonMain, repository, sessionRequest, type TestPool } from './sessions.ts';

export const bundledPrettier = path.join(repository, 'dist/prettier');

const peeks = path.join(repository, 'test/fixtures/plugins/peeks.mjs');

export interface ToolOptions extends Partial<Pick<LaunchSpec, 'memoryLimitMb'>> {
  /** The strongest of the machine, unless given. */
  readonly mechanism?: Mechanism | undefined;
  /** Of Prettier; the one that ships unless given. */
  readonly directory?: string;
  /** The interpreter, of a tool in Python. */
  readonly interpreter?: string;
  readonly readableFolders?: readonly string[];
  readonly needsChildren?: boolean;
  readonly needsScratch?: boolean;
}

/** A tool in a session that must be confined, as users have it with `greenroom.confinement: required`. */
export class ConfinedTool {
  private readonly tool: ToolSpec;
  private readonly request: SessionRequest;

  constructor(
    private readonly host: TestPool,
    readonly workspace: string,
    { mechanism, directory = bundledPrettier, interpreter, ...options }: ToolOptions,
  ) {
    const { readableFolders = [], memoryLimitMb = 2_048 } = options;
    const { needsChildren = false, needsScratch = false } = options;
    this.tool = {
      name: interpreter === undefined ? 'prettier' : 'black',
      directory: interpreter ?? directory,
      origin: 'project',
      root: workspace,
      ignoreRoots: [workspace],
      trusted: true,
    };
    const childProcesses = needsChildren ? [this.tool.name] : [];
    const settings = { confinement: 'required', readableFolders, childProcesses } as const;
    const wish = toolConfinement([this.tool], workspace, settings)!;
    this.request = sessionRequest({
      key: `${this.tool.name} ${workspace}`,
      cwd: workspace,
      tools: [this.tool],
      memoryLimitMb,
      confinement: { ...wish, needsScratch, ...(mechanism && { mechanism }) },
      ...(interpreter !== undefined && {
        runtime: 'python',
        executable: interpreter,
        workerPath: builtPythonMain,
      }),
    });
  }

  async prewarm(): Promise<void> {
    await this.host.pool.prewarm(this.request);
  }

  async report(file: string, text: string, call: Partial<ToolCall> = {}): Promise<FormatReport> {
    const request = { text, path: file, languageId: 'plaintext' };
    const answer = await this.host.pool.call(this.request, {
      tool: this.tool,
      method: 'format',
      args: [request],
      ...call,
    });
    return parseFormatReport(answer, text.length);
  }

  /** The text of a file, which is on the disk, in the tool's form. */
  async format(name: string, text?: string): Promise<string> {
    const file = path.join(this.workspace, name);
    const before = text ?? fs.readFileSync(file, 'utf8');
    const report = await this.report(file, before);
    if (report.kind === 'unchanged') return before;
    if (report.kind !== 'formatted') throw new Error(`not formatted: ${JSON.stringify(report)}`);
    const { start, end, text: put } = report.edit;
    return before.slice(0, start) + put + before.slice(end);
  }

  /**
   * What the session gets when it does these things, as its plugin `peeks.mjs` knows them; the codes of
   * errors where it cannot.
   */
  async peek(...deeds: readonly Deed[]): Promise<unknown[]> {
    return JSON.parse(await this.format('a.peek', JSON.stringify(deeds))) as unknown[];
  }
}

export type Deed = readonly [name: string, argument?: unknown];

/** Gives a folder the plugin by which {@link ConfinedTool.peek} looks around. */
export function installPeeks(folder: string): void {
  fs.copyFileSync(peeks, path.join(folder, 'peeks.mjs'));
  fs.writeFileSync(path.join(folder, '.prettierrc.json'), '{"plugins": ["./peeks.mjs"]}');
}

import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command, ConfinementPlan } from '../../extension/confinement/confinementPlan.ts';
import { landlockCommand } from '../../extension/confinement/landlock.ts';
import { isKnownArchitecture } from '../../extension/confinement/seccompProgram.ts';
import { Project } from './project.ts';

const launcher = path.resolve(import.meta.dirname, '../../extension/confinement/landlock.pl');
const fixtures = path.resolve(import.meta.dirname, '../fixtures/confinement');
export const nobodyId = 65534;

/** Runs what follows as a normal user, where that is allowed. */
export const nobodyCommand: readonly string[] = [
  '/usr/bin/setpriv',
  ...[`--reuid=${nobodyId}`, `--regid=${nobodyId}`, '--clear-groups', '--'],
];

/** Why programs cannot be confined by Landlock here; undefined where they can. */
export function landlockTrouble(): string | undefined {
  if (!isKnownArchitecture(process.arch)) return `no filter for ${process.arch}`;
  const { status, stderr, error } = spawnSync('/usr/bin/perl', [launcher, '--check']);
  return status === 0 ? undefined : String(error ?? stderr).trim();
}

/** Why programs cannot be run as a normal user here; undefined where they can. */
export function nobodyTrouble(program: string): string | undefined {
  if (process.getuid?.() !== 0) return 'the tests do not run as root';
  const [setpriv, ...args] = nobodyCommand;
  const { status } = spawnSync(setpriv!, [...args, program, '--version']);
  return status === 0 ? undefined : `${program} is not for normal users`;
}

interface Terms {
  readonly needsChildren?: boolean;
  /** Confines as a kernel with this version of Landlock can. */
  readonly landlockVersion?: number | undefined;
  readonly asNobody?: boolean;
  readonly limits?: Partial<ConfinementPlan['limits']>;
  readonly options?: SpawnOptions;
}

/** A workspace, a file outside, a scratch folder, and programs confined to them. Also for normal users. */
export class Landlocked implements Disposable {
  private readonly project = new Project({
    'workspace/seen.txt': 'seen',
    'outside/secret.txt': 'secret',
    'scratch/.keep': '',
  });
  readonly workspace = this.project.path('workspace');
  readonly secret = this.project.path('outside/secret.txt');
  readonly scratch = this.project.path('scratch');
  private readonly launcher = this.project.path('landlock.pl');
  private readonly programs = this.project.path('programs');

  /** Owned by a normal user, if that is to run programs here. */
  constructor({ asNobody = false }: Pick<Terms, 'asNobody'> = {}) {
    fs.chmodSync(this.project.root, 0o755);
    fs.copyFileSync(launcher, this.launcher);
    fs.cpSync(fixtures, this.programs, { recursive: true });
    fs.symlinkSync(this.secret, path.join(this.workspace, 'link.txt'));
    if (!asNobody) return;
    const owned = ['.', 'workspace', 'workspace/seen.txt', 'outside/secret.txt', 'scratch'];
    for (const name of owned) fs.chownSync(this.project.path(name), nobodyId, nobodyId);
  }

  /** The program of a fixture, with the paths that it tries. */
  fixture(program: string, name: string): Command {
    const args = [path.join(this.programs, name), this.workspace, this.secret, this.scratch];
    return { program, args };
  }

  command(command: Command, terms: Terms = {}): readonly [string, ...string[]] {
    const { landlockVersion, asNobody = false, needsChildren = false, limits } = terms;
    if (!isKnownArchitecture(process.arch)) throw new Error(`no filter for ${process.arch}`);
    const { program, args } = landlockCommand(command, {
      workspace: this.workspace,
      readable: [this.workspace, this.programs, path.dirname(process.execPath)],
      links: [],
      writable: [this.scratch],
      scratch: this.scratch,
      needsChildren,
      needsScratch: true,
      limits: { dataBytes: 8 * 2 ** 30, fileBytes: 2 ** 20, processes: 64, niceness: 3, ...limits },
      system: ['/usr', '/bin', '/lib', '/lib64'],
      launcher: this.launcher,
      architecture: process.arch,
      parent: process.pid,
    });
    const older = landlockVersion === undefined ? [] : ['--version-limit', String(landlockVersion)];
    const [script, ...rest] = args;
    return [...(asNobody ? nobodyCommand : []), program, script!, ...older, ...rest] as [string];
  }

  async run(command: Command, terms: Terms = {}) {
    const [program, ...args] = this.command(command, terms);
    const child = spawn(program, args, { stdio: 'pipe', cwd: this.workspace, ...terms.options });
    const output = Promise.all([text(child.stdout!), text(child.stderr!)]);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    const [stdout, stderr] = await output;
    return { code, signal, stdout, stderr };
  }

  /** What a program that prints JSON has printed. */
  async report(command: Command, terms: Terms = {}): Promise<Record<string, unknown>> {
    const { stdout, stderr, code } = await this.run(command, terms);
    if (code !== 0) throw new Error(`ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  [Symbol.dispose](): void {
    this.project[Symbol.dispose]();
  }
}

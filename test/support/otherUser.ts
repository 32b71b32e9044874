import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as esbuild from 'esbuild';
import type { HostReport, HostTask } from './confinedHost.ts';
import { installPeeks } from './confinedTool.ts';
import { nobodyCommand, nobodyId } from './landlocked.ts';
import { Project } from './project.ts';
import { repository } from './sessions.ts';

/** Where this file is, when it is bundled: beside it lies what it needs, as in the repository. */
const hostFile = 'test/support/confinedHost.mjs';

interface HostTerms {
  readonly asNobody?: boolean;
  /** A command that runs what follows it. */
  readonly within?: readonly string[];
  readonly home?: string;
  readonly temporary?: string;
}

/** A copy of what a host needs, for every user to read, with a home folder in which a user has a project. */
export class HostCopy implements Disposable {
  private readonly disk = new Project({
    'home/.ssh/id': 'secret',
    'home/project/a.js': 'a  =  1',
    'home/project/a.py': 'a  =  1',
    'temporary/.keep': '',
  });
  readonly workspace = this.disk.path('home/project');
  readonly secret = this.disk.path('home/.ssh/id');
  private readonly node = this.disk.path('node');

  constructor() {
    fs.cpSync(path.join(repository, 'dist'), this.disk.path('dist'), { recursive: true });
    fs.copyFileSync(process.execPath, this.node);
    fs.chmodSync(this.node, 0o755);
    esbuild.buildSync({
      entryPoints: [path.join(repository, 'test/support/confinedHost.ts')],
      outfile: this.disk.path(hostFile),
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: requireForBundles },
    });
    installPeeks(this.workspace);
    this.openToAll();
  }

  run(
    task: Omit<HostTask, 'workspace'>,
    {
      asNobody = false,
      within = [],
      home = this.disk.path('home'),
      temporary = this.disk.path('temporary'),
    }: HostTerms = {},
  ): HostReport {
    const text = JSON.stringify({ ...task, workspace: this.workspace });
    const command = [this.node, this.disk.path(hostFile), text];
    const [program, ...args] = [...(asNobody ? nobodyCommand : []), ...within, ...command];
    const { stdout, stderr } = spawnSync(program!, args, {
      cwd: this.disk.root,
      encoding: 'utf8',
      env: { ...process.env, HOME: home, TMPDIR: temporary },
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as HostReport;
  }

  [Symbol.dispose](): void {
    this.disk[Symbol.dispose]();
  }

  /** The home belongs to the normal user. */
  private openToAll(): void {
    fs.chmodSync(this.disk.root, 0o755);
    fs.chmodSync(this.disk.path('temporary'), 0o1777);
    if (process.getuid?.() !== 0) return;
    const owned = this.disk.entries.filter(name => /^home/u.test(name));
    for (const name of owned) fs.chownSync(this.disk.path(name), nobodyId, nobodyId);
  }
}

const requireForBundles =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

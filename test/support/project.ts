import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const repository = path.resolve(import.meta.dirname, '../..');

/** A Prettier that tests can give a project, by major version. */
export const prettierPackages = {
  2: { directory: path.join(repository, 'node_modules/prettier-2'), cli: 'bin-prettier.js' },
  3: { directory: path.join(repository, 'node_modules/prettier'), cli: 'bin/prettier.cjs' },
} as const;

export type PrettierMajor = keyof typeof prettierPackages;

/** A project in a folder of its own, gone when disposed. */
export class Project implements Disposable {
  readonly root: string;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-project-')));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(...segments: string[]): string {
    return path.join(this.root, ...segments);
  }

  write(name: string, text: string): string {
    const file = this.path(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  }

  read(name: string): string {
    return fs.readFileSync(this.path(name), 'utf8');
  }

  /** Installs a package of this repository by a link, as pnpm does. */
  link(name: string, directory: string, below = '.'): this {
    const link = this.path(below, 'node_modules', name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(directory, link, 'junction');
    return this;
  }

  installPrettier(major: PrettierMajor, below = '.'): this {
    return this.link('prettier', prettierPackages[major].directory, below);
  }

  /** Every file and folder below, by its path from here. */
  get entries(): string[] {
    return fs.readdirSync(this.root, { recursive: true, encoding: 'utf8' }).sort();
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** What this version's own command line prints for a file, run in `cwd`. */
export async function formatByCommandLine(
  major: PrettierMajor,
  file: string,
  cwd: string,
  flags: readonly string[] = [],
): Promise<string> {
  const { directory, cli } = prettierPackages[major];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [path.join(directory, cli), ...flags, file], {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

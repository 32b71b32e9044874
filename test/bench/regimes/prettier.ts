import { Buffer } from 'node:buffer';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type * as Prettier from 'prettier';
import { prettierPackages, Project } from '../../support/project.ts';
import { PrettierSession } from '../../support/prettierSessions.ts';
import { TestPool } from '../../support/sessions.ts';
import { repository } from '../paths.ts';
import { typeScriptSample as text } from '../sample.ts';
import { openPrettierd } from '../sides/prettierd.ts';
import { floorEntrant } from './floorLane.ts';
import type { Entrant, Lane, Regime } from './regime.ts';

const run = promisify(execFile);

export const prettierRegime: Regime = {
  name: 'prettier_format_1000_lines',
  operations: 1,
  minSteps: 2,
  entrants: [
    floorEntrant({ bytes: Buffer.byteLength(text) }),
    inProject('direct', formatInProcess),
    inProject('greenroom', formatInSession),
    inProject('prettierd', async ({ root }, file) => openPrettierd(root, file, text)),
    inProject('prettier-cli', formatByCommandLine),
  ],
};

type EnterProject = (project: Project, file: string) => Promise<Lane>;

/** Gives each a project of its own, with a file of 1,000 lines and Prettier installed. */
function inProject(name: string, enter: EnterProject): Entrant {
  return {
    name,
    async enter() {
      await using opening = new AsyncDisposableStack();
      const project = opening.use(new Project({ 'sample.ts': text }).installPrettier(3));
      const { step } = opening.use(await enter(project, project.path('sample.ts')));
      const owned = opening.move();
      return { step, [Symbol.asyncDispose]: () => owned.disposeAsync() };
    },
  };
}

/** As a formatter does that loads the project's Prettier into its host. */
async function formatInProcess(_project: Project, file: string): Promise<Lane> {
  // Not the file that the sessions load: a session takes no module that its host holds.
  const module = pathToFileURL(path.join(repository, 'dist/prettier/index.mjs')).href;
  const prettier = (await import(module)) as typeof Prettier;
  return {
    async step() {
      const found = await prettier.resolveConfig(file, { editorconfig: true, useCache: false });
      return prettier.format(text, { ...found, filepath: file });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function formatInSession(project: Project): Promise<Lane> {
  const host = new TestPool();
  const session = new PrettierSession(host, project);
  return {
    step: () => session.format('sample.ts'),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

async function formatByCommandLine({ root }: Project, file: string): Promise<Lane> {
  const { directory, cli } = prettierPackages[3];
  return {
    step: async () => {
      const { stdout } = await run(process.execPath, [path.join(directory, cli), file], {
        cwd: root,
      });
      return stdout;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

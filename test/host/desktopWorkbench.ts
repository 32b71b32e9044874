import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { _electron } from 'playwright-core';
import { packagedExtension, repository } from './paths.ts';
import { privateEnvironment } from './privateEnvironment.ts';
import { runCommand } from './runCommand.ts';
import type { VSCodeInstall } from './vscodeInstall.ts';
import type { Launched, Launching } from './workbench.ts';

/**
 * The workbench in VS Code's own window. Not proven on the machines that this project is built
 * on: they have no display.
 */
export async function launchDesktop(
  { executable }: VSCodeInstall & { readonly kind: 'desktop' },
  { options, scratch, folders, opening }: Launching,
): Promise<Launched> {
  const env = privateEnvironment(scratch.folder);
  const own = [`--user-data-dir=${folders.userData}`, `--extensions-dir=${folders.extensions}`];
  const [cli, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true, // else it adds folders of its own choice
  });
  if (!cli) throw new Error(`no command line beside ${executable}`);
  const vsix = options.vsix ?? packagedExtension;
  await runCommand(cli, [...cliArgs, ...own, '--install-extension', vsix], {
    cwd: repository,
    env,
    timeoutMs: 120_000,
  });
  const application = await _electron.launch({
    executablePath: executable,
    args: [
      options.folder,
      ...own,
      '--no-sandbox',
      '--disable-updates',
      '--skip-welcome',
      '--skip-release-notes',
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ],
    env,
    timeout: 60_000,
  });
  opening.defer(() => application.close());
  return { page: await application.firstWindow(), url: undefined };
}

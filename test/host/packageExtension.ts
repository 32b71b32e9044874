import { packagedExtension, repository } from './paths.ts';
import { runCommand } from './runCommand.ts';

/** Builds the extension and packs it the way it goes to the marketplace. */
export async function packageExtension(): Promise<string> {
  await runCommand('npm', ['run', 'package'], { cwd: repository, timeoutMs: 180_000 });
  return packagedExtension;
}

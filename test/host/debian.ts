import fs from 'node:fs';
import process from 'node:process';
import { runCommand } from './runCommand.ts';

/** Whether packages of Debian can be installed here: by its administrator, on a Debian. */
export function canInstallFromDebian(): boolean {
  return process.getuid?.() === 0 && fs.existsSync('/etc/debian_version');
}

/** Throws with the last words of `apt-get` when it does not succeed. */
export async function installFromDebian(...packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update'], { env, timeoutMs: 300_000 });
  await runCommand('apt-get', ['install', '-y', ...packages], { env, timeoutMs: 600_000 });
}

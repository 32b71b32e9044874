import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

let canary: string | undefined;

/** A file that this user can read and no session may: what a session tries first of all. */
export function canaryFile(): string {
  if (canary !== undefined && fs.existsSync(canary)) return canary;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-canary-'));
  canary = path.join(folder, 'canary');
  fs.writeFileSync(canary, 'No session should be able to read this.\n', { mode: 0o600 });
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return canary;
}

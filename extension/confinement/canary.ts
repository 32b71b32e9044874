import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

let canary: string | undefined;

/** A file that this user can read and no session may: what a session tries first of all. */
export function canaryFile(): string {
  if (canary !== undefined && fs.existsSync(canary)) return canary;
  const folder = makeFolder();
  // No session sees the host's own variables either.
  if (folder === undefined) return `/proc/${process.pid}/environ`;
  canary = path.join(folder, 'canary');
  fs.writeFileSync(canary, 'No session should be able to read this.\n', { mode: 0o600 });
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return canary;
}

/** What was made for it. */
export function canaryFolders(): readonly string[] {
  return canary === undefined ? [] : [path.dirname(canary)];
}

function makeFolder(): string | undefined {
  try {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-canary-'));
  } catch {
    return undefined; // nothing can be written there
  }
}

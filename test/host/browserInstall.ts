import fs from 'node:fs';
import path from 'node:path';
import { canInstallFromDebian, installFromDebian } from './debian.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];

/** The path of a Chromium: the one named by CHROMIUM_BIN, an installed one, or Debian's. */
export async function provideBrowser(report: (line: string) => void): Promise<string> {
  const named = process.env['CHROMIUM_BIN'];
  if (named) return named;
  const found = findOnPath();
  if (found) return found;
  if (canInstallFromDebian()) {
    report('installing chromium from Debian, once');
    await installFromDebian('chromium');
    const installed = findOnPath();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium found. Install chromium or google-chrome, or set CHROMIUM_BIN to an executable.',
  );
}

function findOnPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return [...folders, '/usr/bin']
    .flatMap(folder => names.map(name => path.join(folder, name)))
    .find(file => fs.existsSync(file));
}

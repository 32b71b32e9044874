import fs from 'node:fs';
import process from 'node:process';
import { canInstallFromDebian, installFromDebian } from './debian.ts';

/** Brings bubblewrap here where that is possible; sessions are confined by something weaker else. */
export async function provideBubblewrap(report: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux' || fs.existsSync('/usr/bin/bwrap')) return;
  if (!canInstallFromDebian()) {
    return report('tests of bubblewrap are skipped: it is not installed');
  }
  report('installing bubblewrap from Debian, once');
  await installFromDebian('bubblewrap');
}

import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { privateEnvironment } from './privateEnvironment.ts';
import type { Scratch } from './scratch.ts';

/** It opens nothing but our own server on loopback, so it may run where no sandbox can be had. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium with an empty profile in the scratch; it ends when its driver, we, end. */
export async function launchBrowser(executable: string, scratch: Scratch): Promise<BrowserContext> {
  return chromium.launchPersistentContext(path.join(scratch.folder, 'browser'), {
    executablePath: executable,
    headless: true,
    chromiumSandbox: false,
    args: flags,
    env: privateEnvironment(scratch.folder),
    viewport: { width: 1400, height: 900 },
    // Playwright's own handlers would end us before we have cleaned up.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

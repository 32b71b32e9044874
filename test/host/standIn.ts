#!/usr/bin/env node
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchBrowser } from './browser.ts';
import { provideBrowser } from './browserInstall.ts';
import { launchCodeServer, type CodeServer } from './codeServer.ts';
import { provideCodeServer } from './codeServerInstall.ts';
import { parseDesktopFlags, type DesktopFlags } from './desktopFlags.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { openSuiteSocket, type Verdict } from './suiteSocket.ts';
import { writeUserSettings } from './userSettings.ts';

/**
 * Stands in for the VS Code desktop executable where @vscode/test-electron starts one: takes its
 * flags, runs the suite in code-server's extension host while a headless browser holds the
 * workbench, and exits with 0 only if the suite itself said that it passed and VS Code agreed.
 */
interface End {
  readonly code: number;
  readonly why?: string;
}

const budgetMs = Number(process.env['GREENROOM_SUITE_TIMEOUT_MS'] ?? 300_000);

/** How long the suite's word and VS Code's may be apart. */
const agreementMs = 10_000;

async function main(args: readonly string[]): Promise<End> {
  const { promise: end, resolve: finish } = Promise.withResolvers<End>();
  watchForInterruption(finish);
  const flags = parseDesktopFlags(args);
  await using resources = new AsyncDisposableStack();
  const scratch = resources.use(openScratch());
  const opened = openSuite(flags, scratch, resources, finish).catch((error: Error) =>
    finish({ code: 1, why: error.stack ?? error.message }),
  );
  const result = await Promise.race([end, budget()]);
  if (result.why) console.error(`VS Code stand-in: ${result.why}`);
  // A start that was interrupted still has to hand over what it holds.
  await Promise.race([opened, delay(agreementMs, undefined, { ref: false })]);
  return result;
}

async function openSuite(
  flags: DesktopFlags,
  scratch: Scratch,
  resources: AsyncDisposableStack,
  finish: (end: End) => void,
): Promise<void> {
  const { path: socket, verdict } = await openSuiteSocket(scratch);
  const userData = flags.userData ?? path.join(scratch.folder, 'user-data');
  writeUserSettings(userData);
  const server = await launchCodeServer(await provideCodeServer(console.error), scratch, {
    userData,
    extensions: flags.extensionsFolder ?? path.join(scratch.folder, 'extensions'),
    runsTests: true,
    trust: true,
    env: { GREENROOM_SUITE: flags.suite, GREENROOM_SUITE_SOCKET: socket },
  });
  server.process.once('exit', () => finish({ code: 1, why: `the server died\n${server.tail()}` }));

  const browser = await launchBrowser(await provideBrowser(console.error), scratch);
  resources.defer(() => browser.close());
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.on('crash', () => finish({ code: 1, why: 'the page of the workbench crashed' }));
  const reported = Promise.withResolvers<number>();
  await page.exposeFunction('codeAutomationLog', () => undefined);
  await page.exposeFunction('codeAutomationExit', reported.resolve);
  void judge(verdict, reported.promise).then(finish);
  await page.goto(workbenchAddress(server, flags), { timeout: 60_000 });
}

/** Both must speak, and one word against it is enough: no silence counts as a pass. */
async function judge(verdict: Promise<Verdict>, reported: Promise<number>): Promise<End> {
  const silence = () => delay(agreementMs, undefined, { ref: false });
  await Promise.race([verdict, reported]);
  const said = await Promise.race([verdict, silence()]);
  if (said === 'failed') return { code: 1 };
  if (said !== 'passed') {
    return { code: 1, why: 'the extension host ended before the suite did: killed, or by exit()' };
  }
  const code = await Promise.race([reported, silence()]);
  return code === 0 ? { code } : { code: 1, why: `the suite passed, but VS Code reported ${code}` };
}

function workbenchAddress(server: CodeServer, flags: DesktopFlags): string {
  const remote = (file: string) => `vscode-remote://${server.authority}${encodeURI(file)}`;
  const shim = path.join(import.meta.dirname, 'suiteShim.cjs');
  const payload = [
    ...flags.extensions.map(folder => ['extensionDevelopmentPath', remote(folder)]),
    ['extensionTestsPath', remote(shim)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (!flags.workspace) query.set('ew', 'true');
  else if (flags.workspace.endsWith('.code-workspace')) query.set('workspace', flags.workspace);
  else query.set('folder', flags.workspace);
  return `${server.url}?${query}`;
}

async function budget(): Promise<End> {
  await delay(budgetMs, undefined, { ref: false });
  return { code: 124, why: `the suite did not end within ${budgetMs / 1000} s` };
}

/** The runner that started us may itself be killed: then nobody reads our output any more. */
function watchForInterruption(finish: (end: End) => void): void {
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  for (const [name, code] of Object.entries(signals)) {
    process.on(name, () => finish({ code, why: `stopped by ${name}` }));
  }
  const runner = process.ppid;
  setInterval(() => {
    if (process.ppid !== runner) finish({ code: 1, why: 'the runner is gone' });
  }, 500).unref();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => finish({ code: 1 }));
  }
}

process.exit((await main(process.argv.slice(2))).code);

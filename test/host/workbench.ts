import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { installVsix, launchCodeServer, type EditorFolders } from './codeServer.ts';
import { launchDesktop } from './desktopWorkbench.ts';
import { packagedExtension } from './paths.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { writeUserSettings, type Settings } from './userSettings.ts';
import { provideVSCode, type VSCodeInstall } from './vscodeInstall.ts';

export interface WorkbenchOptions {
  /** Opened as it is; whoever wants to keep the original opens a copy. */
  readonly folder: string;
  readonly vsix?: string;
  /** Of the user. Those of the folder are in its own .vscode/settings.json. */
  readonly settings?: Settings;
  /** The name of a colour theme, such as `Default High Contrast`. */
  readonly theme?: string;
  /** True unless given. False: the folder opens in Restricted Mode. */
  readonly trust?: boolean;
  readonly install?: VSCodeInstall;
}

/** A VS Code with the packaged extension, its folder open and its workbench drawn. */
export interface Workbench extends AsyncDisposable {
  readonly page: Page;
  /** Where a person may look on; undefined for a desktop, which has its own window. */
  readonly url: string | undefined;
  readonly folder: string;
  close(): Promise<void>;
}

const drawnWithinMs = 90_000;

export async function launchWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  await using opening = new AsyncDisposableStack();
  const install = options.install ?? (await provideVSCode(() => undefined));
  const scratch = opening.use(openScratch());
  const folders = {
    userData: path.join(scratch.folder, 'user-data'),
    extensions: path.join(scratch.folder, 'extensions'),
  };
  const theme = options.theme ? { 'workbench.colorTheme': options.theme } : {};
  const trust = { 'security.workspace.trust.enabled': options.trust === false };
  writeUserSettings(folders.userData, { ...trust, ...theme, ...options.settings });

  const launch = install.kind === 'desktop' ? launchDesktop : launchInBrowser;
  const { page, url } = await launch(install as never, { options, scratch, folders, opening });
  await untilDrawn(page);

  const resources = opening.move();
  const close = () => resources.disposeAsync();
  return { page, url, folder: options.folder, close, [Symbol.asyncDispose]: close };
}

export interface Launching {
  readonly options: WorkbenchOptions;
  readonly scratch: Scratch;
  readonly folders: EditorFolders;
  /** Owns what is started. */
  readonly opening: AsyncDisposableStack;
}

export interface Launched {
  readonly page: Page;
  readonly url: string | undefined;
}

async function launchInBrowser(
  install: VSCodeInstall & { readonly kind: 'server' },
  { options, scratch, folders, opening }: Launching,
): Promise<Launched> {
  const { codeServer, browser } = install;
  await installVsix(codeServer, scratch, folders, options.vsix ?? packagedExtension);
  const [server, context] = await Promise.all([
    launchCodeServer(codeServer, scratch, {
      ...folders,
      runsTests: false,
      trust: options.trust !== false,
    }),
    launchBrowser(browser, scratch).then(context => {
      opening.defer(() => context.close());
      return context;
    }),
  ]);
  const page = context.pages()[0] ?? (await context.newPage());
  const url = `${server.url}?${new URLSearchParams({ folder: options.folder })}`;
  await page.goto(url, { timeout: drawnWithinMs });
  return { page, url };
}

async function untilDrawn(page: Page): Promise<void> {
  for (const part of [
    '.monaco-workbench',
    '.statusbar-item',
    '.explorer-folders-view .monaco-list-row',
  ]) {
    await page.locator(part).first().waitFor({ timeout: drawnWithinMs });
  }
}

import { provideBrowser } from './browserInstall.ts';
import { provideCodeServer, type CodeServerInstall } from './codeServerInstall.ts';
import { provideDesktop } from './desktopInstall.ts';

/** The VS Code that tests run in: a desktop, or the same editor's server with a browser. */
export type VSCodeInstall =
  | { readonly kind: 'desktop'; readonly executable: string }
  | { readonly kind: 'server'; readonly codeServer: CodeServerInstall; readonly browser: string };

export async function provideVSCode(
  report: (line: string) => void = console.log,
): Promise<VSCodeInstall> {
  const desktop = await provideDesktop(report);
  if ('executable' in desktop) {
    report(`VS Code desktop: ${desktop.executable}`);
    return { kind: 'desktop', executable: desktop.executable };
  }
  const [codeServer, browser] = await Promise.all([
    provideCodeServer(report),
    provideBrowser(report),
  ]);
  report(`VS Code's server with ${browser} (no desktop: ${desktop.refused})`);
  return { kind: 'server', codeServer, browser };
}

import fs from 'node:fs';
import path from 'node:path';
import { cache } from './paths.ts';
import { runCommand } from './runCommand.ts';

const downloads = path.join(cache, 'vscode-desktop');
const verdictFile = path.join(cache, 'vscode-desktop-refused.json');

/**
 * The executable of a VS Code desktop, or why there is none. A refusal holds for the day, so the
 * next run on a machine without that network does not wait again. Not proven on the machines that
 * this project is built on: they have neither a display nor that network.
 */
export async function provideDesktop(
  report: (line: string) => void,
): Promise<{ readonly executable: string } | { readonly refused: string }> {
  const named = process.env['VSCODE_EXECUTABLE_PATH'];
  if (named) return { executable: named };
  if (process.env['GREENROOM_VSCODE'] === 'code-server') return { refused: 'by GREENROOM_VSCODE' };
  if (!hasDisplay()) return { refused: 'there is no display' };
  const refused = refusalOfToday();
  if (refused) return { refused };
  try {
    report('looking for a VS Code desktop to download');
    return { executable: await download() };
  } catch (error) {
    const reason = String(error).trim().split('\n').at(-1) ?? 'unknown';
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(verdictFile, JSON.stringify({ day: today(), reason }));
    return { refused: reason };
  }
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** In a process of its own, because only a process can be bounded in time for certain. */
async function download(): Promise<string> {
  const program = `
    import { downloadAndUnzipVSCode } from '@vscode/test-electron';
    const options = { cachePath: ${JSON.stringify(downloads)}, timeout: 8_000 };
    const executable = await downloadAndUnzipVSCode(options).catch(error => {
      console.error(error.message);
      process.exit(1);
    });
    console.log('\\nexecutable ' + executable);`;
  fs.mkdirSync(downloads, { recursive: true });
  const output = await runCommand(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: path.dirname(cache),
    timeoutMs: 300_000,
  });
  const executable = /^executable (.+)$/m.exec(output)?.[1];
  if (!executable) throw new Error('the download ended without an executable');
  return executable;
}

function refusalOfToday(): string | undefined {
  if (!fs.existsSync(verdictFile)) return undefined;
  const verdict = JSON.parse(fs.readFileSync(verdictFile, 'utf8')) as Record<string, string>;
  return verdict['day'] === today() ? verdict['reason'] : undefined;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

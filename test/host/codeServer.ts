import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CodeServerInstall } from './codeServerInstall.ts';
import { watchMemory } from './memoryWatch.ts';
import { privateEnvironment } from './privateEnvironment.ts';
import { runCommand } from './runCommand.ts';
import type { Scratch } from './scratch.ts';

export interface EditorFolders {
  readonly userData: string;
  readonly extensions: string;
}

export interface CodeServerOptions extends EditorFolders {
  /** Makes the workbench honour a test suite named in its address. */
  readonly runsTests: boolean;
  /** False: every folder opens in Restricted Mode until somebody trusts it. */
  readonly trust: boolean;
  /** For the extension host; VS Code drops names of its own, such as those that begin with VSCODE_. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CodeServer {
  readonly url: string;
  readonly authority: string;
  readonly process: ChildProcess;
  /** The last of what the server printed. */
  tail(): string;
}

const startWithinMs = 60_000;

/** Starts code-server on a free loopback port; it ends with the scratch. */
export async function launchCodeServer(
  install: CodeServerInstall,
  scratch: Scratch,
  options: CodeServerOptions,
): Promise<CodeServer> {
  const authority = `127.0.0.1:${await freePort()}`;
  const args = [
    install.entry,
    ...configFlags(scratch),
    ...folderFlags(options),
    ...['--auth', 'none', '--bind-addr', authority],
    ...['--session-socket', path.join(scratch.folder, 'session.sock')],
    ...['--disable-telemetry', '--disable-update-check'],
    ...['--disable-getting-started-override', '--ignore-last-opened'],
    ...(options.trust ? ['--disable-workspace-trust'] : []),
    ...(options.runsTests ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(install.node, args, {
    env: { ...serverEnvironment(scratch), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  scratch.endWithUs(child);
  let printed = '';
  const keep = (chunk: Buffer | string) =>
    void (printed = (printed + chunk.toString()).slice(-20_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  watchMemory(child, message => keep(message));

  const url = `http://${authority}/`;
  const tail = () => printed;
  await untilHealthy(url, child, tail);
  return { url, authority, process: child, tail };
}

export async function installVsix(
  install: CodeServerInstall,
  scratch: Scratch,
  folders: EditorFolders,
  vsix: string,
): Promise<void> {
  const args = [...configFlags(scratch), ...folderFlags(folders), '--install-extension', vsix];
  await runCommand(install.node, [install.entry, ...args], {
    env: serverEnvironment(scratch),
    timeoutMs: 120_000,
  });
}

/** Without a configuration file of ours code-server writes one into the user's home. */
function configFlags(scratch: Scratch): string[] {
  const file = path.join(scratch.folder, 'code-server.yaml');
  fs.writeFileSync(file, 'auth: none\ncert: false\n');
  return ['--config', file];
}

function folderFlags({ userData, extensions }: EditorFolders): string[] {
  return ['--user-data-dir', userData, '--extensions-dir', extensions];
}

/** An empty gallery: nobody looks for updates of extensions. */
function serverEnvironment(scratch: Scratch): NodeJS.ProcessEnv {
  return { ...privateEnvironment(scratch.folder), EXTENSIONS_GALLERY: '{}' };
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  return port;
}

async function untilHealthy(url: string, child: ChildProcess, tail: () => string): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  let failed: string | undefined;
  child.once('error', error => (failed = error.message));
  child.once('exit', (code, signal) => (failed = `it ended with ${signal ?? code}`));
  while (!(await isHealthy(url))) {
    if (performance.now() > deadline) failed ??= `no answer within ${startWithinMs / 1000} s`;
    if (failed !== undefined) throw new Error(`code-server: ${failed}\n${tail()}`);
    await delay(50);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}healthz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false; // not listening yet
  }
}

import fs from 'node:fs';
import path from 'node:path';
import { cache } from './paths.ts';
import { privateEnvironment } from './privateEnvironment.ts';
import { runCommand } from './runCommand.ts';
import { openScratch } from './scratch.ts';

/** Pinned together: this code-server does not start on another major version of Node. */
const versions = { node: '24.21.0', codeServer: '4.139.1' };

export interface CodeServerInstall {
  readonly node: string;
  readonly entry: string;
}

type Report = (line: string) => void;

/** VS Code's server and web workbench, from npm, in a folder of its own; installed once. */
export async function provideCodeServer(report: Report): Promise<CodeServerInstall> {
  const home = path.join(cache, 'vscode-host');
  if (!isInstalled(home)) await installAt(home, report);
  return layout(home);
}

function layout(home: string): CodeServerInstall {
  return {
    node: path.join(home, 'node_modules', nodePackage(), 'bin/node'),
    entry: path.join(home, 'node_modules/code-server/out/node/entry.js'),
  };
}

function nodePackage(): string {
  if (process.platform !== 'linux') {
    throw new Error(
      'Without a VS Code desktop only Linux can run these tests. Set VSCODE_EXECUTABLE_PATH to a VS Code executable.',
    );
  }
  return `node-linux-${process.arch}`;
}

const stamp = JSON.stringify(versions);

function isInstalled(home: string): boolean {
  const file = path.join(home, 'installed.json');
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8') === stamp;
}

/** Installs beside the final place and moves there at the end: nobody ever sees half of it. */
async function installAt(home: string, report: Report): Promise<void> {
  report(`installing code-server ${versions.codeServer} in ${home}, once; about a minute`);
  await using scratch = openScratch(cache);
  const fresh = path.join(scratch.folder, 'host');
  await fillFolder(fresh);
  fs.writeFileSync(path.join(fresh, 'installed.json'), stamp);
  if (isInstalled(home)) return; // somebody else was faster
  fs.rmSync(home, { recursive: true, force: true });
  fs.renameSync(fresh, home);
}

/**
 * No package's own install script is run: code-server's refuses this way of installing, and all
 * that it would do is here. Only two native modules are built, against the headers of the Node
 * that will load them.
 */
async function fillFolder(home: string): Promise<void> {
  fs.mkdirSync(home, { recursive: true });
  fs.writeFileSync(path.join(home, 'package.json'), '{"private":true}');
  const { node, entry } = layout(home);
  const nodeHome = path.dirname(path.dirname(node));
  const env = {
    ...process.env,
    PATH: [path.dirname(node), process.env['PATH']].join(path.delimiter),
    npm_config_nodedir: nodeHome,
  };
  const npm = (cwd: string, ...args: string[]) =>
    runCommand('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env,
      timeoutMs: 600_000,
    });

  await npm(home, 'install', '--ignore-scripts', `${nodePackage()}@${versions.node}`);
  await npm(home, 'install', '--ignore-scripts', `code-server@${versions.codeServer}`);
  const server = path.join(home, 'node_modules/code-server/lib/vscode');
  await npm(server, 'install', '--omit=dev', '--ignore-scripts');
  await npm(path.join(server, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
  await npm(server, 'rebuild', '@vscode/spdlog', '@vscode/native-watchdog');
  await runCommand(node, [entry, '--config', path.join(home, 'config.yaml'), '--version'], {
    env: privateEnvironment(path.dirname(home)), // else it leaves logs in the user's home
    timeoutMs: 60_000,
  });
}

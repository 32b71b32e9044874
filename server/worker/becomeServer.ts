import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import process from 'node:process';
import { channels } from '../node/channels.ts';
import { nodePlatform } from '../node/nodePlatform.ts';
import { PipeTransport } from '../node/pipeTransport.ts';
import { messageOf } from '../shared/toldErrors.ts';
import { defaultLimits } from '../shared/protocol/limits.ts';
import { thisProgram } from '../shared/protocol/thisProgram.ts';
import { Connection } from '../shared/rpc/connection.ts';
import { sayHello } from './sayHello.ts';

/** As a shell says that a program cannot be run. */
const cannotRun = 126;

/**
 * Measures how it is confined, says so, and when the host wants it so becomes the program that its
 * arguments name: with its process, its standard streams, and whatever confines it.
 */
async function main([program = thisProgram, ...args]: readonly string[]): Promise<void> {
  const channel = new net.Socket({ fd: channels.main, readable: true, writable: true });
  const transport = new PipeTransport(channel, defaultLimits.maxFrameBytes);
  const connection = new Connection(transport, { platform: nodePlatform, role: 'worker' });
  connection.onWelcome(() => become(program === thisProgram ? process.execPath : program, args));
  connection.onEnd(() => process.exit(0));
  await sayHello(connection);
}

function become(program: string, args: readonly string[]): void {
  const environment = { ...process.env };
  if (program !== process.execPath) delete environment['ELECTRON_RUN_AS_NODE'];
  try {
    assertRunnable(program);
    if (process.execve && process.platform !== 'win32') {
      process.execve(program, [program, ...args], environment);
    }
    runBeside(program, args, environment);
  } catch (error) {
    giveUp(program, error);
  }
}

/** What fails later ends this process at once, with a word that helps nobody. */
function assertRunnable(program: string): void {
  fs.accessSync(program, fs.constants.X_OK);
  if (!fs.statSync(program).isFile()) throw new Error('it is no file');
  const interpreter = /^#![ \t]*([^\s]+)/u.exec(beginningOf(program))?.[1];
  if (interpreter !== undefined) fs.accessSync(interpreter, fs.constants.X_OK);
}

function beginningOf(program: string): string {
  let file: number | undefined;
  try {
    file = fs.openSync(program, 'r');
    const bytes = Buffer.alloc(256); // as much as the system reads
    return bytes.toString('utf8', 0, fs.readSync(file, bytes));
  } catch {
    return ''; // what may be run need not be readable
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Where a process cannot become another: the server is a child, with the same standard streams. */
function runBeside(program: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const child = spawn(program, args, { env, stdio: 'inherit' });
  child.on('error', error => giveUp(program, error));
  // `signal` is there when `code` is not.
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal!]));
}

function giveUp(program: string, error: unknown): never {
  const by = `(Node ${process.versions.node})`;
  process.stderr.write(`the program ${program} cannot be run: ${messageOf(error)} ${by}\n`);
  process.exit(cannotRun);
}

void main(process.argv.slice(2));

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import type { Forbidden, Probe } from '../shared/protocol/confinement.ts';

/**
 * Tries what this process should not be able to do; answers with what it could. Only what the system has
 * expressly refused counts as denied.
 */
export async function probeSelf({ read, write }: Probe): Promise<Forbidden[]> {
  const succeeded: Forbidden[] = [];
  const isUnread = isRefused(
    attempt(() => fs.readFileSync(read)),
    ['ENOENT'],
  );
  if (!isUnread || descriptors().some(isForeign)) succeeded.push('read');
  if (!isRefused(attempt(() => makeFileIn(write)))) succeeded.push('write');
  if (!isRefused(await connect())) succeeded.push('connect');
  if (!isRefused(attempt(spawnSomething))) succeeded.push('spawn');
  return succeeded;
}

const refusals = ['EPERM', 'EACCES', 'EROFS', 'ERR_ACCESS_DENIED'];

function isRefused(error: unknown, others: readonly string[] = []): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return refusals.includes(code) || others.includes(code);
}

/** What it fails with; undefined when it does not. */
function attempt(deed: () => unknown): unknown {
  try {
    deed();
    return undefined;
  } catch (error) {
    return error;
  }
}

const ownDescriptors = '/proc/self/fd';

function descriptors(): readonly number[] {
  try {
    return fs.readdirSync(ownDescriptors).map(Number);
  } catch {
    return []; // nobody tells
  }
}

/** Whether something lies open that this process could not open: by a folder, every other is reached. */
function isForeign(descriptor: number): boolean {
  try {
    const stats = fs.fstatSync(descriptor);
    const place = fs.readlinkSync(`${ownDescriptors}/${descriptor}`);
    if (stats.isFile()) return !isReadable(place, stats);
    // Landlock's launcher leaves it its own entry.
    return stats.isBlockDevice() || (stats.isDirectory() && place !== `/proc/${process.pid}`);
  } catch {
    return false; // the listing's own, which is closed
  }
}

/** Runtimes keep some of their own files open. */
function isReadable(place: string, { dev, ino }: fs.Stats): boolean {
  try {
    fs.accessSync(place, fs.constants.R_OK);
    const found = fs.statSync(place);
    return found.dev === dev && found.ino === ino;
  } catch {
    return false; // there is nothing by that name
  }
}

/** Linux: a file without a name, of which nobody who watches the folder hears. */
const unnamedFile = 0o20000000;

function makeFileIn(folder: string): void {
  if (process.platform === 'linux') {
    const { O_DIRECTORY, O_WRONLY } = fs.constants;
    try {
      return fs.closeSync(fs.openSync(folder, unnamedFile | O_DIRECTORY | O_WRONLY, 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EOPNOTSUPP') throw error;
    }
  }
  const file = path.join(folder, `.greenroom-probe-${randomUUID()}`);
  fs.closeSync(fs.openSync(file, 'wx', 0o600));
  fs.unlinkSync(file);
}

const answersWithinMs = 1_000;

/** Reachable is what answers, be it with a refusal. Nobody listens on the port for discarding. */
async function connect(): Promise<unknown> {
  let socket: net.Socket | undefined;
  try {
    socket = net.connect({ host: '127.0.0.1', port: 9, timeout: answersWithinMs });
    await Promise.race([once(socket, 'connect'), once(socket, 'timeout')]);
    return undefined;
  } catch (error) {
    return isOutOfReach(error as NodeJS.ErrnoException) ? { code: 'EPERM' } : undefined;
  } finally {
    socket?.destroy();
  }
}

/** In a network of its own without any interface. */
function isOutOfReach(error: NodeJS.ErrnoException): boolean {
  return isRefused(error, ['ENETUNREACH', 'ENETDOWN']);
}

/** Whether it ends well is no matter: it was started. */
function spawnSomething(): void {
  const [program, ...args] = harmlessCommand();
  const { error } = spawnSync(program, args, { stdio: 'ignore', timeout: 2_000 });
  if (error) throw error;
}

function harmlessCommand(): [program: string, ...args: string[]] {
  if (process.platform === 'win32') {
    // By its whole path: the folder that it works in is searched first.
    const root = process.env['SystemRoot'] ?? 'C:\\Windows';
    return [path.join(root, 'System32', 'cmd.exe'), '/d', '/c', 'exit'];
  }
  const found = ['/bin/true', '/usr/bin/true'].find(file => fs.existsSync(file));
  return found === undefined ? [process.execPath, '--version'] : [found];
}

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import type { Forbidden, Probe } from '../shared/protocol/confinement.ts';

/** Tries what this process should not be able to do; answers with what it could. */
export async function probeSelf({ read, write }: Probe): Promise<Forbidden[]> {
  const succeeded: Forbidden[] = [];
  if (can(() => fs.readFileSync(read))) succeeded.push('read');
  if (can(() => makeFileIn(write))) succeeded.push('write');
  if (await canConnect()) succeeded.push('connect');
  if (can(spawnSomething)) succeeded.push('spawn');
  return succeeded;
}

function can(deed: () => unknown): boolean {
  try {
    deed();
    return true;
  } catch {
    return false; // that it cannot is what is hoped for
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
  const file = path.join(folder, `.greenroom-probe-${process.pid}`);
  fs.closeSync(fs.openSync(file, 'wx', 0o600));
  fs.unlinkSync(file);
}

/** Reachable is what answers, be it with a refusal. Nobody listens on the port for discarding. */
function canConnect(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const unreachable = new Set(['EPERM', 'EACCES', 'ENETUNREACH', 'ENETDOWN', 'ERR_ACCESS_DENIED']);
  try {
    const socket = net.connect({ host: '127.0.0.1', port: 9 });
    socket.once('connect', () => resolve(true));
    socket.once('error', error => {
      resolve(!unreachable.has((error as NodeJS.ErrnoException).code ?? ''));
    });
    void promise.finally(() => socket.destroy());
  } catch {
    resolve(false);
  }
  return promise;
}

function spawnSomething(): void {
  const isWindows = process.platform === 'win32';
  const program = isWindows ? 'cmd.exe' : '/bin/true';
  const args = isWindows ? ['/d', '/c', 'exit'] : [];
  const { error } = spawnSync(program, args, { stdio: 'ignore', timeout: 2_000 });
  if (error) throw error;
}
